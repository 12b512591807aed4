import { join } from 'node:path';
import { runCommand } from '../../../scripts/processes/command.mts';

/* What `npm start` says before it makes the example on fal.ai itself. */

const ROOT = join(__dirname, '..', '..', '..');

test('the price of the example is known where the command runs, outside of jest', async () => {
	const program = [
		"import { estimatedCost, readExample } from './scripts/start/example.mts';",
		'console.log(estimatedCost(await readExample()));',
	].join('\n');
	const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
	expect(await runCommand(process.execPath, args, { cwd: ROOT })).toBe('0.086 USD\n');
});
