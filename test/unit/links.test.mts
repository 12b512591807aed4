import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/* Links between the project's pages lead somewhere, down to the heading. */

const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'])
	.toString()
	.split('\n')
	.filter((page) => page !== '' && existsSync(page));

const textOf = (page: string) => readFileSync(page, 'utf8').replace(/```[\s\S]*?```/g, '');

/** A heading's anchor, as GitHub makes it. */
const anchorOf = (heading: string) =>
	heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.trim()
		.replace(/\s/g, '-');

const anchorsOf = (page: string) =>
	[...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));

const links = pages.flatMap((page) =>
	[...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
		.map(([, target]) => target!)
		.filter((target) => !/^[a-z]+:/i.test(target))
		.map((target): [string, string] => [page, target]),
);

test.each(links)('%s: %s', (page, target) => {
	const [path = '', anchor] = target.split('#');
	const file = path === '' ? page : join(dirname(page), path);
	expect(existsSync(file)).toBe(true);
	if (anchor !== undefined) expect(anchorsOf(file)).toContain(anchor);
});
