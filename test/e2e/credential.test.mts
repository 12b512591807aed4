import { startEmulator } from '../../emulator/index.mts';
import type { N8nClient } from '../../scripts/n8n/rest.mts';
import { credentialData, loggedIn, saveCredential, type Emulator } from './harness.mts';

describe('the credential test', () => {
	let emulator: Emulator;
	let n8n: N8nClient;

	beforeAll(async () => {
		emulator = await startEmulator({});
		n8n = loggedIn();
	});

	afterAll(async () => await emulator.close());

	const testKey = async (apiKey: string) => {
		const data = { ...credentialData(emulator), apiKey };
		return await n8n.testCredential(await saveCredential(n8n, data), data);
	};

	test('takes a good key', async () => {
		expect(await testKey(emulator.apiKey)).toMatchObject({ status: 'OK' });
	});

	test('refuses a bad key', async () => {
		expect(await testKey('00000000-0000-0000-0000-000000000000:wrong')).toMatchObject({
			status: 'Error',
		});
	});

	test('asks fal for no video', () => {
		expect(emulator.requests).toHaveLength(0);
	});
});
