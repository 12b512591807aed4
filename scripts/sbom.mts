// npm run sbom -- FILE: writes a CycloneDX bill of the packages whose code is in the bundles.
import { writeFile } from 'node:fs/promises';
import { runMain } from './processes/main.mts';
import { npm } from './processes/npm.mts';
import { inBundledProject } from './publishing/bundledProject.mts';

const SBOM = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];

await runMain(async (signal) => {
	const [file] = process.argv.slice(2);
	if (file === undefined) throw new Error('Usage: npm run sbom -- FILE');
	const sbom = await inBundledProject(async (cwd) => await npm(SBOM, { cwd, signal }));
	await writeFile(file, sbom);
	const { components } = JSON.parse(sbom) as { components: unknown[] };
	console.log(`${components.length} bundled packages are in ${file}.`);
	return 0;
});
