import { fileURLToPath } from 'node:url';
import { FalLtxApi } from '../../../credentials/FalLtxApi.credentials.ts';
import { runCommand } from '../../../scripts/processes/command.mts';

const REPORT = fileURLToPath(new URL('../../../scripts/start/report.mts', import.meta.url));

/** What is printed of a credential. */
async function printed(credential: Record<string, unknown>): Promise<string> {
	const fal = JSON.stringify({ name: 'local fal', credential });
	const source = `
		import { credentialReport } from ${JSON.stringify(REPORT)};
		process.stdout.write(credentialReport(${fal}));`;
	const args = ['--import', 'tsx', '--input-type=module', '--eval', source];
	return await runCommand(process.execPath, args);
}

const labelOf = (field: string) =>
	new FalLtxApi().properties.find(({ name }) => name === field)!.displayName;

test('the credential of the local fal is printed as its fields are called', async () => {
	const values = {
		apiKey: 'id:secret',
		queueUrl: 'http://127.0.0.1:1',
		restUrl: 'http://127.0.0.1:2',
		platformUrl: 'http://127.0.0.1:3/v1',
	};
	const text = await printed({ ...values, customHosts: true });
	expect(text).toContain(labelOf('customHosts'));
	const rows = text.split('\n').map((line) => line.trim().split(/ {2,}/));
	for (const [field, value] of Object.entries(values)) {
		expect(rows).toContainEqual([labelOf(field), value]);
	}
});

test('a key of fal.ai is not printed', async () => {
	expect(await printed({ apiKey: 'id:secret', customHosts: false })).toBe('');
});
