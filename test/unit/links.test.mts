import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { homepage } from '../../package.json';

/*
 * Links between the project's pages lead somewhere, down to the heading. Those of the README are
 * addresses on GitHub, as npm shows it without the repository; they are held to the same files.
 */

const REPOSITORY = homepage.replace(/#.*/, '');
const ON_GITHUB = new RegExp(`^${REPOSITORY}/(?:blob|raw)/main/`);

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

const DEFINITION = /^\[([^\]]+)\]: (\S+)$/gm;

/** Targets of links inside the text, and of those that are defined below it. */
const targetsOf = (text: string) => [
	...[...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!),
	...[...text.matchAll(DEFINITION)].map(([, , target]) => target!),
];

/** The file and the heading that a link of a page leads to; none for a link to elsewhere. */
function placeOf(page: string, target: string): { file: string; anchor?: string } | undefined {
	const isOnGitHub = ON_GITHUB.test(target);
	if (!isOnGitHub && /^[a-z]+:/i.test(target)) return undefined;
	const [path = '', anchor] = target.replace(ON_GITHUB, '').split('#');
	if (path === '') return { file: page, anchor };
	return { file: isOnGitHub ? path : join(dirname(page), path), anchor };
}

const links = pages.flatMap((page) =>
	targetsOf(textOf(page)).flatMap((target) => {
		const place = placeOf(page, target);
		return place ? [[page, target, place] as const] : [];
	}),
);

test('links to GitHub are among them', () => {
	expect(links.filter(([, target]) => ON_GITHUB.test(target)).length).toBeGreaterThan(20);
});

test.each(links)('%s: %s', (_page, _target, { file, anchor }) => {
	expect(existsSync(file) && statSync(file).isFile()).toBe(true);
	if (anchor !== undefined) expect(anchorsOf(file)).toContain(anchor);
});

/** Pages whose links are defined below the text; elsewhere brackets are just brackets. */
const withDefinitions = pages
	.map((page) => [page, textOf(page).replace(/`[^`\n]*`/g, '')] as const)
	.filter(([, text]) => text.search(DEFINITION) !== -1);

test.each(withDefinitions)('%s: defines what it links to, and uses it', (_page, text) => {
	const defined = [...text.matchAll(DEFINITION)].map(([, name]) => name!.toLowerCase());
	const body = text.replace(DEFINITION, '');
	const used = [...body.matchAll(/\[([^[\]]+)\](?![[(])/g)].map(([, name]) => name!.toLowerCase());
	expect(new Set(used)).toEqual(new Set(defined));
});
