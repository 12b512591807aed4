import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FalLtxApi } from '../../credentials/FalLtxApi.credentials';
import { FalLtxVideo } from '../../nodes/FalLtxVideo/FalLtxVideo.node';
import nodeCodex from '../../nodes/FalLtxVideo/FalLtxVideo.node.json';
import triggerCodex from '../../nodes/FalLtxVideoTrigger/FalLtxVideoTrigger.node.json';
import { homepage } from '../../package.json';
import { operationsOf } from '../../scripts/docs/fields.mts';

/* The README: short, readable where npm shows it, and true to what the package has. */

const ROOT = join(__dirname, '../..');
const LARGEST_BYTES = 14_000;
const WIDEST_TABLE = 110;

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const readme = read('README.md');

test('it is short', () => {
	expect(Buffer.byteLength(readme)).toBeLessThanOrEqual(LARGEST_BYTES);
});

test('no line of a table is wider than a screen', () => {
	const rows = readme.split('\n').filter((line) => line.startsWith('|'));
	expect(rows.length).toBeGreaterThan(0);
	expect(rows.filter((row) => row.length > WIDEST_TABLE)).toEqual([]);
});

test('its links work on npm, where there is no repository around it', () => {
	const inline = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
	const defined = [...readme.matchAll(/^\[[^\]]+\]: (\S+)$/gm)].map(([, target]) => target);
	const targets = [...inline, ...defined];
	expect(targets.length).toBeGreaterThan(20);
	expect(targets.filter((target) => !target?.startsWith('https://'))).toEqual([]);
});

test('it leads to every page of docs/, but those for people who change the node', () => {
	const pages = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));
	expect(pages.filter((page) => !readme.includes(`/docs/${page}`))).toEqual(['live.md']);
	expect(read('CONTRIBUTING.md')).toContain('](docs/live.md)');
});

test('it lists all operations', () => {
	const operations = operationsOf(new FalLtxVideo().description);
	const names = operations.map(({ resource, name }) => `- **${resource}: ${name}**`);
	const listed = [...readme.matchAll(/^- \*\*(Video|Request): .+?\*\*/gm)].map(([line]) => line);
	expect(listed).toEqual(names);
});

test('it names the commands that the CI runs', () => {
	const commands = [...read('.ci/run').matchAll(/^npm .+$/gm)].map(([command]) => command);
	expect(commands.length).toBeGreaterThan(2);
	const named = commands.filter(
		(command) => readme.includes(`\`${command}\``) || readme.includes(`\n${command} `),
	);
	expect(named).toEqual(commands);
});

test('it has the headings that the nodes and the credential link to', () => {
	const links = [nodeCodex, triggerCodex].flatMap(({ resources }) => [
		...resources.credentialDocumentation,
		...resources.primaryDocumentation,
	]);
	const targets = [new FalLtxApi().documentationUrl, ...links.map(({ url }) => url)];
	const anchors = targets.map((target) => {
		const [page, anchor = ''] = target.split('#');
		expect(page).toBe(homepage.replace(/#.*/, ''));
		return anchor;
	});
	const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, heading]) =>
		heading!.toLowerCase().replaceAll(' ', '-'),
	);
	// GitHub's own name for the README.
	expect(['readme', ...headings]).toEqual(expect.arrayContaining(anchors));
});
