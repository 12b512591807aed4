import { createHash } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { bundle } from '../../scripts/build/bundle.mts';
import { bundledPackages } from '../../scripts/build/bundledPackages.mts';
import { runCommand } from '../../scripts/processes/command.mts';
import { ROOT } from './packed.mts';

const WORKFLOWS = ['audit.yml', 'ci.yml', 'live.yml', 'publish.yml'];

/** The jobs that may more than read, or hold a secret; what each of them may is tested by itself. */
const TRUSTED = ['live.yml ask', 'live.yml report', 'publish.yml publish', 'publish.yml release'];
const PARSE = fileURLToPath(new URL('parseWorkflow.mts', import.meta.url));

interface Step {
	name?: string;
	if?: string;
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
	env?: Record<string, string>;
}

interface Job {
	uses?: string;
	needs?: string | string[];
	if?: string;
	container?: string;
	environment?: string;
	permissions?: Record<string, string>;
	outputs?: Record<string, string>;
	strategy?: { matrix: { include: Array<{ node: number; image: string }> } };
	steps?: Step[];
}

interface Workflow {
	on: Record<string, unknown>;
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

const readGithub = async (path: string) => await readFile(join(ROOT, '.github', path), 'utf8');

const readWorkflow = async (file: string) =>
	parse(await readGithub(`workflows/${file}`)) as Workflow;

const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps = [] }) => steps);

const actionsOf = ({ steps = [] }: Job) =>
	steps.flatMap(({ uses }) => (uses === undefined ? [] : uses.split('@')[0]));

const commandsOf = ({ steps = [] }: Job) =>
	steps.flatMap(({ run = [] }) => run).map((run) => run.trim());

describe('the workflows of GitHub', () => {
	test('are all tested here', async () => {
		expect((await readdir(join(ROOT, '.github', 'workflows'))).sort()).toEqual(WORKFLOWS);
	});

	test.each(WORKFLOWS)('%s is one that GitHub takes', async (file) => {
		const program = ['--import', 'tsx', PARSE, `.github/workflows/${file}`];
		expect(await runCommand(process.execPath, program, { cwd: ROOT })).toBe('');
	});

	test.each(WORKFLOWS)('%s may only read, and uses each action at one commit', async (file) => {
		const workflow = await readWorkflow(file);
		expect(workflow.permissions).toEqual({ contents: 'read' });
		const actions = stepsOf(workflow).flatMap(({ uses = [] }) => uses);
		expect(actions.length).toBeGreaterThan(0);
		const text = await readGithub(`workflows/${file}`);
		for (const action of actions) {
			expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
			expect(text).toMatch(new RegExp(`${action} # v\\d+\\.\\d+\\.\\d+\\n`));
		}
	});

	test('check every change with all that there is', async () => {
		const ci = await readWorkflow('ci.yml');
		expect(Object.keys(ci.on).sort()).toEqual(['pull_request', 'push', 'workflow_call']);
		expect(stepsOf(ci).map(({ run }) => run)).toContain('.ci/run');
	});

	test('run in images of one digest each, on the oldest and the newest Node.js', async () => {
		const { container, strategy } = (await readWorkflow('ci.yml')).jobs['check']!;
		expect(container).toBe('${{ matrix.image }}');
		const { include } = strategy!.matrix;
		expect(include.map(({ node }) => node)).toEqual([20, 24]);
		for (const { node, image } of include) {
			expect(image).toMatch(
				new RegExp(`^node:${node}\\.\\d+\\.\\d+-bookworm@sha256:[0-9a-f]{64}$`),
			);
		}
	});

	test('install packages without their scripts', async () => {
		expect(await readFile(join(ROOT, '.npmrc'), 'utf8')).toContain('ignore-scripts=true\n');
		const installer = await readFile(join(ROOT, 'scripts', 'with-packages.mjs'), 'utf8');
		expect(installer).toContain("['ci', '--ignore-scripts',");
		for (const file of WORKFLOWS) {
			const commands = stepsOf(await readWorkflow(file)).flatMap(({ run = [] }) => run);
			expect(commands.join('\n')).not.toMatch(/npm (ci|i|install)\b|npx/);
		}
	});

	test('ask each week and before each release what is known against what ships', async () => {
		const { on, jobs } = await readWorkflow('audit.yml');
		expect(on).toMatchObject({ schedule: [{ cron: expect.any(String) }], workflow_call: null });
		expect(commandsOf(jobs['audit']!)).toEqual(['npm run audit']);
	});
});

describe('a tag is published', () => {
	let jobs: Workflow['jobs'];

	beforeAll(async () => {
		const workflow = await readWorkflow('publish.yml');
		expect(workflow.on).toEqual({ push: { tags: ['v*.*.*'] } });
		({ jobs } = workflow);
	});

	test('after all checks and the audit, and is built with no right but to read', () => {
		expect(jobs['check']).toEqual({ uses: './.github/workflows/ci.yml' });
		expect(jobs['audit']).toEqual({ uses: './.github/workflows/audit.yml' });
		const { build } = jobs;
		expect(build).toMatchObject({ needs: ['check', 'audit'], permissions: { contents: 'read' } });
		expect(build).not.toHaveProperty('environment');
		expect(JSON.stringify(build)).not.toMatch(/secrets|github\.token/);
		const [check, test, pack] = commandsOf(build!);
		expect(check).toBe('npm run check-release -- "$GITHUB_REF_NAME"');
		expect(test).toBe('npm test');
		expect(pack).toContain('npm pack --ignore-scripts --pack-destination release\n');
		expect(pack).toContain('npm run sbom -- release/sbom.cdx.json\n');
		expect(build!.outputs).toEqual({ digest: '${{ steps.pack.outputs.digest }}' });
	});

	test('by a job of a protected environment that may do nothing else, and runs no code of ours', () => {
		const publish = jobs['publish']!;
		expect(publish).toMatchObject({ needs: 'build', environment: 'npm' });
		expect(publish.permissions).toEqual({ 'id-token': 'write' });
		expect(actionsOf(publish)).toEqual(['actions/setup-node', 'actions/download-artifact']);
		expect(commandsOf(publish).at(-1)).toMatch(
			/\nnpm publish \.\/\*\.tgz --ignore-scripts --provenance --access public$/,
		);
	});

	test('and then released with the tarball, its SBOM and their digests', () => {
		const release = jobs['release']!;
		expect(release.needs).toEqual(['build', 'publish']);
		expect(release.permissions).toEqual({ contents: 'write' });
		expect(actionsOf(release)).toEqual(['actions/download-artifact']);
		expect(commandsOf(release).at(-1)).toContain('./*.tgz sbom.cdx.json SHA256SUMS');
	});

	test('with rights that no other job has', async () => {
		for (const file of WORKFLOWS) {
			const { jobs } = await readWorkflow(file);
			for (const [name, { permissions, environment, steps = [] }] of Object.entries(jobs)) {
				if (TRUSTED.includes(`${file} ${name}`)) continue;
				expect(permissions ?? { contents: 'read' }).toEqual({ contents: 'read' });
				expect(environment).toBeUndefined();
				expect(JSON.stringify(steps)).not.toContain('secrets.');
			}
		}
	});

	describe.each(['publish', 'release'])('(%s) from files', (name) => {
		let folder: string;
		let digest: string;

		/** Runs the step as GitHub does, in the folder of the downloaded files. */
		const check = async () => {
			const step = jobs[name]!.steps!.find(({ run }) => run?.includes('SHA256SUMS'))!;
			expect(step.env).toEqual({ DIGEST: '${{ needs.build.outputs.digest }}' });
			const env = { ...process.env, DIGEST: digest };
			return await runCommand('bash', ['-e', '-c', step.run!], { cwd: folder, env });
		};

		const sumOf = (text: string) => createHash('sha256').update(text).digest('hex');

		const writeSums = async (tarball: string) => {
			const sums = `${sumOf(tarball)}  package.tgz\n`;
			await writeFile(join(folder, 'SHA256SUMS'), sums);
			return sumOf(sums);
		};

		beforeEach(async () => {
			folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-release-'));
			await writeFile(join(folder, 'package.tgz'), 'as it was built');
			digest = await writeSums('as it was built');
		});

		afterEach(async () => await rm(folder, { recursive: true }));

		test('that are those of the build', async () => {
			expect(await check()).toContain('package.tgz: OK');
		});

		test('and not from others', async () => {
			await appendFile(join(folder, 'package.tgz'), ', and something else');
			await expect(check()).rejects.toThrow('package.tgz: FAILED');
		});

		test('and not from others that come with sums of their own', async () => {
			await writeFile(join(folder, 'package.tgz'), 'something else');
			await writeSums('something else');
			await expect(check()).rejects.toThrow('SHA256SUMS: FAILED');
		});
	});
});

describe('fal.ai itself is asked', () => {
	let workflow: Workflow;

	beforeAll(async () => {
		workflow = await readWorkflow('live.yml');
	});

	/** Runs a step as GitHub does, in a folder where a program stands in for npm or gh. */
	async function runStepIn(step: Step, programs: Record<string, string>, env = {}) {
		const folder = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-live-'));
		try {
			for (const [name, text] of Object.entries(programs))
				await writeFile(join(folder, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
			const output = join(folder, 'output');
			await Promise.all([mkdir(join(folder, 'docs')), writeFile(output, '')]);
			await writeFile(join(folder, 'docs', 'live.md'), '# Answers');
			await writeFile(join(folder, 'live.txt'), 'prices: differs');
			const all = { ...process.env, PATH: `${folder}:${process.env['PATH']}`, ...env };
			await runCommand('bash', ['-e', '-c', step.run!], {
				cwd: folder,
				env: { ...all, GITHUB_OUTPUT: output },
			});
			const calls = await readFile(join(folder, 'calls'), 'utf8').catch(() => '');
			return { calls, output: await readFile(output, 'utf8') };
		} finally {
			await rm(folder, { recursive: true });
		}
	}

	const stepOf = (job: string, part: string) =>
		workflow.jobs[job]!.steps!.find(({ run }) => run?.includes(part))!;

	test('by hand and each week, never for a change', () => {
		expect(Object.keys(workflow.on).sort()).toEqual(['schedule', 'workflow_dispatch']);
	});

	test('only where there is a key', async () => {
		const { environment, steps = [] } = workflow.jobs['ask']!;
		expect(environment).toBe('fal');
		const [look, ...others] = steps;
		for (const step of others) expect(step.if).toBe("steps.key.outputs.found == 'true'");
		expect((await runStepIn(look!, {}, { FAL_KEY: '' })).output).toBe('found=false\n');
		expect((await runStepIn(look!, {}, { FAL_KEY: 'id:key' })).output).toBe('found=true\n');
	});

	test('by a job that has the key in that step alone, and may only read', () => {
		const { permissions, steps = [] } = workflow.jobs['ask']!;
		expect(permissions).toBeUndefined();
		const withKey = steps.filter(({ env }) => env?.['FAL_KEY'] !== undefined);
		expect(withKey.map(({ name }) => name)).toEqual(['Look for the key', 'Ask']);
	});

	test.each([
		[0, 'false'],
		[1, 'true'],
	])('within a limit; exit code %i: deviates=%s', async (code, deviates) => {
		const npm = `echo "$@" >> calls; exit ${code}`;
		const step = stepOf('ask', 'npm run --silent live');
		const env = { LIMIT: '0.02', LORA: 'owner/repo' };
		const { calls, output } = await runStepIn(step, { npm }, env);
		expect(calls).toBe('run --silent live -- --yes --limit 0.02 --lora owner/repo\n');
		expect(output).toBe(`deviates=${deviates}\n`);
	});

	test.each([
		['', 'issue create --title fal.ai does not do what the node counts on --body-file body.md'],
		['7', 'issue comment 7 --body-file body.md'],
	])('and an issue is opened, or added to: %s', async (open, expected) => {
		const report = workflow.jobs['report']!;
		expect(report).toMatchObject({ needs: 'ask', permissions: { issues: 'write' } });
		expect(report.if).toBe("needs.ask.outputs.deviates == 'true'");
		expect(actionsOf(report)).toEqual(['actions/download-artifact']);
		const gh = `if [ "$2" = list ]; then echo "${open}"; else echo "$@" >> calls; cat body.md >> calls; fi`;
		const { calls } = await runStepIn(stepOf('report', 'gh issue'), { gh }, { RUN: 'https://run' });
		expect(calls).toBe(
			`${expected}\nWhat \`npm run live\` found. The page and what went over the wire: https://run\n\n    prices: differs`,
		);
	});
});

describe('dependencies', () => {
	interface Update {
		'package-ecosystem': string;
		directory: string;
		schedule: { interval: string };
		cooldown: { 'default-days': number };
		groups: Record<string, { patterns: string[]; 'exclude-patterns'?: string[] }>;
	}

	const readUpdates = async () =>
		(parse(await readGithub('dependabot.yml')) as { version: number; updates: Update[] }).updates;

	test('are kept up to date once a week, in groups, and not on the day they come out', async () => {
		const updates = await readUpdates();
		expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions']);
		for (const update of updates) {
			expect(update).toMatchObject({ directory: '/', schedule: { interval: 'weekly' } });
			expect(update.cooldown['default-days']).toBeGreaterThanOrEqual(7);
		}
	});

	test('that ship come apart from those that only build and test', async () => {
		const [{ groups }] = (await readUpdates()) as [Update];
		const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
			devDependencies: Record<string, string>;
		};
		const names = (await bundledPackages(await bundle({ write: false }))).map(({ name }) => name);
		const ours = names.filter((name) => name in manifest.devDependencies);
		expect(groups['bundled']?.patterns).toEqual(ours);
		expect(groups['tools']).toEqual({ patterns: ['*'], 'exclude-patterns': ours });
	});
});

describe('the form for a mistake', () => {
	interface Field {
		id?: string;
		type: string;
		validations?: { required?: boolean };
	}

	test('asks for what is needed to look into it, and for no key', async () => {
		const { body } = parse(await readGithub('ISSUE_TEMPLATE/bug.yml')) as { body: Field[] };
		const required = body.filter(({ validations }) => validations?.required).map(({ id }) => id);
		expect(required).toEqual(['what', 'package', 'n8n', 'mode']);
		expect(body.map(({ id }) => id)).toContain('request');
		expect(await readGithub('ISSUE_TEMPLATE/bug.yml')).toContain('Never post your fal key');
	});

	test.each(['bug.yml', 'feature.yml'])('%s has the shape that GitHub asks for', async (file) => {
		const form = parse(await readGithub(`ISSUE_TEMPLATE/${file}`)) as Record<string, unknown>;
		expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
		const body = form['body'] as Array<Field & { attributes: Record<string, unknown> }>;
		for (const { type, id, attributes } of body) {
			expect(['markdown', 'textarea', 'input', 'dropdown']).toContain(type);
			expect(attributes[type === 'markdown' ? 'value' : 'label']).toEqual(expect.any(String));
			if (type !== 'markdown') expect(id).toMatch(/^[a-z][a-z0-9]+$/);
			if (type === 'dropdown') expect(attributes['options']).toEqual(expect.any(Array));
		}
	});
});
