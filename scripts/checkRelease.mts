// npm run check-release -- TAG: checks that a tag may be published, and prints what is new in it.
import { readFile } from 'node:fs/promises';
import { runMain } from './processes/main.mts';
import { releaseOf } from './publishing/changelog.mts';

const read = async (name: string) => await readFile(new URL(`../${name}`, import.meta.url), 'utf8');

await runMain(async () => {
	const { version } = JSON.parse(await read('package.json')) as { version: string };
	const { notes } = releaseOf(process.argv[2] ?? '', version, await read('CHANGELOG.md'));
	console.log(notes);
	return 0;
});
