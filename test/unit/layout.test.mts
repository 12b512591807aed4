import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

/* The source layout as docs/architecture.md shows it: a folder imports only from those below it. */

const NODE = 'nodes/FalLtxVideo';

/** From the bottom up. */
const FOLDERS = [
	'endpoints',
	'fal',
	'request',
	'parameters',
	'files',
	'cost',
	'output',
	'run',
	'waiting',
	'operations',
];

const files = readdirSync(NODE, { recursive: true, encoding: 'utf8' })
	.filter((file) => file.endsWith('.ts'))
	.map((file) => join(NODE, file));

const textOf = (file: string) => readFileSync(file, 'utf8');
const importsOf = (file: string) =>
	[...textOf(file).matchAll(/from '([^']+)'/g)].map(([, specifier]) => specifier!);
const folderOf = (path: string) => relative(NODE, path).split('/')[0]!;
const inFolder = (folder: string) => files.filter((file) => folderOf(file) === folder);

test('each folder of the node has a place in the order', () => {
	const found = readdirSync(NODE).filter((name) => statSync(join(NODE, name)).isDirectory());
	expect(found.sort()).toEqual([...FOLDERS].sort());
});

test.each(FOLDERS)('%s imports nothing of a folder above it', (folder) => {
	const allowed = FOLDERS.slice(0, FOLDERS.indexOf(folder) + 1);
	const own = inFolder(folder);
	expect(own.length).toBeGreaterThan(0);
	const upwards = own.flatMap((file) =>
		importsOf(file)
			.filter((specifier) => specifier.startsWith('.'))
			.map((specifier) => resolve(dirname(file), specifier))
			.filter((target) => !allowed.includes(folderOf(target)))
			.map((target) => `${file} imports ${relative('.', target)}`),
	);
	expect(upwards).toEqual([]);
});

test.each(['endpoints', 'request'])('%s imports nothing of n8n', (folder) => {
	const ofN8n = inFolder(folder).filter((file) =>
		importsOf(file).some((specifier) => specifier.startsWith('n8n')),
	);
	expect(ofN8n).toEqual([]);
});

test('endpoints/ alone names an endpoint', () => {
	const others = files.filter((file) => folderOf(file) !== 'endpoints');
	const naming = others.filter((file) =>
		/['"`]fal-ai\/|(text|image|audio|video)-to-video|extend-video|ltx23/.test(textOf(file)),
	);
	expect(naming).toEqual([]);
});

/** What fal publishes of a task, and the operation that makes its videos: two files, one name. */
const tasks = files
	.filter((file) => dirname(relative(NODE, file)) === 'endpoints/tasks')
	.map((file) => basename(file))
	.filter((name) => name !== 'Task.ts');

test('each task has the operation of its name', () => {
	expect(tasks).toHaveLength(6);
	for (const name of tasks) expect(files).toContain(join(NODE, 'operations', name));
});

test('no two other files have the same name', () => {
	const others = files.filter((file) => dirname(relative(NODE, file)) !== 'endpoints/tasks');
	const names = others.map((file) => basename(file)).filter((name) => name !== 'index.ts');
	expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
	expect(names).not.toContain('Task.ts');
});

test.each(FOLDERS)('docs/architecture.md shows %s', (folder) => {
	expect(readFileSync('docs/architecture.md', 'utf8')).toMatch(new RegExp(`^  ${folder}/ `, 'm'));
});

test('docs/architecture.md names no file that is not there', () => {
	const named = [
		...readFileSync('docs/architecture.md', 'utf8').matchAll(/`([\w./]+\/[\w]+\.ts)`/g),
	].map(([, path]) => path!);
	const known = files.map((file) => relative(NODE, file));
	expect(named.filter((path) => !known.includes(path) && !path.startsWith('nodes/'))).toEqual([]);
});
