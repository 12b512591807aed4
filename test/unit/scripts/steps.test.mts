import { fileURLToPath } from 'node:url';
import { runCommand } from '../../../scripts/processes/command.mts';

const STEPS = fileURLToPath(new URL('../../../scripts/terminal/steps.mts', import.meta.url));

/** Runs a program as the CI does: without a terminal. */
async function run(program: string): Promise<string[]> {
	const source = `
		import { setTimeout as wait } from 'node:timers/promises';
		import { runStep, runSteps, runTogether } from ${JSON.stringify(STEPS)};
		${program}`;
	const node = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', source];
	const env = { ...process.env };
	delete env['FORCE_COLOR'];
	const output = await runCommand('sh', ['-c', 'exec "$0" "$@" 2>&1', ...node], { env });
	return output.trimEnd().split('\n');
}

test('a step without a terminal is lines of text that name it', async () => {
	const lines = await run(`
		const given = await runStep('Build', async (report) => {
			report('reading');
			await wait(1_100);
			return 'done';
		});
		console.log(given);`);
	expect(lines).toEqual([
		'❯ Build',
		expect.stringMatching(/^› Build: reading \(0\.\d s\)$/),
		expect.stringMatching(/^✔ Build \[\d+s\]$/),
		'done',
	]);
});

test('a failed step throws what it failed with', async () => {
	const lines = await run(`
		const failing = runStep('Build', async () => { throw new Error('no space\\non the disk'); });
		await failing.catch(({ message }) => console.log(JSON.stringify(message)));`);
	expect(lines).toEqual(['❯ Build', '✖ Build [FAILED: see below]', '"no space\\non the disk"']);
});

test('of steps side by side each one ends', async () => {
	const lines = await run(`
		const results = await runSteps(
			['Lint', async () => { throw new Error('lint'); }],
			['Types', async () => { await wait(100); return 'good'; }],
		);
		console.log(results.map(({ status }) => status).join());`);
	expect(lines.at(-1)).toBe('rejected,fulfilled');
	expect(lines).toContainEqual(expect.stringMatching(/^✔ Types/));
});

test('of two steps together one is ended when the other fails, and then the failure is thrown', async () => {
	const lines = await run(`
		const forever = async (_, signal) => {
			await wait(60_000, undefined, { signal }).finally(() => console.log('has ended'));
		};
		const fail = async () => { throw new Error('failed'); };
		const both = runTogether(new AbortController().signal, ['Wait', forever], ['Fail', fail]);
		await both.catch(({ message }) => console.log(message));`);
	expect(lines.at(-1)).toBe('failed');
	expect(lines.slice(2, -1).sort()).toEqual([
		'has ended',
		'↓ Wait [SKIPPED: ended]',
		'✖ Fail [FAILED: see below]',
	]);
});
