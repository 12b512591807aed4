import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { runCommand } from '../../scripts/processes/command.mts';
import { ROOT } from './packed.mts';

const WORKFLOWS = ['ci.yml', 'publish.yml'];
const PARSE = fileURLToPath(new URL('parseWorkflow.mts', import.meta.url));

interface Step {
	uses?: string;
	run?: string;
	[field: string]: unknown;
}

interface Workflow {
	on: Record<string, unknown>;
	permissions: Record<string, string>;
	jobs: Record<
		string,
		{ uses?: string; needs?: string; permissions?: Record<string, string>; steps?: Step[] }
	>;
}

const readGithub = async (path: string) => await readFile(join(ROOT, '.github', path), 'utf8');

const readWorkflow = async (file: string) =>
	parse(await readGithub(`workflows/${file}`)) as Workflow;

const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps = [] }) => steps);

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

	test('publish a checked tag with provenance, and with no more rights than that takes', async () => {
		const { on, jobs } = await readWorkflow('publish.yml');
		expect(on).toEqual({ push: { tags: ['v*.*.*'] } });
		expect(jobs['check']?.uses).toBe('./.github/workflows/ci.yml');
		const { needs, permissions, steps = [] } = jobs['publish']!;
		expect(needs).toBe('check');
		expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' });
		const commands = steps.flatMap(({ run = [] }) => run).map((run) => run.trim());
		expect(commands[0]).toBe('npm run check-release -- "$GITHUB_REF_NAME"');
		expect(commands.at(-1)).toMatch(/\nnpm publish --provenance --access public$/);
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
