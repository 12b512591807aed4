import { credentialData, loggedIn, runningHost, saveCredential } from './harness.mts';
import { useSharedEmulator } from '../useEmulator.mts';

describe('the credential test', () => {
	const emulator = useSharedEmulator();
	const n8n = loggedIn();

	const testKey = async (apiKey: string) => {
		const data = { ...credentialData(emulator), apiKey };
		return await n8n.testCredential(await saveCredential(n8n, data), data);
	};

	test('takes a good key', async () => {
		expect(await testKey(emulator.apiKey)).toMatchObject({ status: 'OK' });
	});

	test.each<[string, (key: string) => string]>([
		['with blanks and line breaks around it', (key) => ` ${key}\n`],
		['with its scheme', (key) => `Key ${key}`],
		['with the scheme of others', (key) => `Bearer ${key}`],
		['in quotes', (key) => `"${key}"`],
		['in quotes, with its scheme', (key) => ` 'Key ${key}' \n`],
	])('takes a good key %s', async (_case, given) => {
		expect(await testKey(given(emulator.apiKey))).toMatchObject({ status: 'OK' });
	});

	// The oldest n8n has lost the status by the time it looks for a rule, and keeps to its own words.
	const message =
		runningHost().target === 'oldest'
			? 'Authorization failed - please check your credentials'
			: 'fal does not know this key. Copy both parts, with the colon between them.';

	test.each(['00000000-0000-0000-0000-000000000000:wrong', 'only-one-part'])(
		'says what is wrong with the bad key %s',
		async (key) => {
			expect(await testKey(key)).toEqual({ status: 'Error', message });
		},
	);

	test('follows no redirect, which would take the key along', async () => {
		// The local fal records a key at another host as a violation, and its close() rejects then.
		emulator.fault('pricing', [{ kind: 'redirect' }]);
		expect(await testKey(emulator.apiKey)).toMatchObject({ status: 'Error' });
		expect(emulator.calls.filter(({ listener }) => listener === 'foreign')).toHaveLength(0);
	});

	test('sends the key to no public host without https', async () => {
		const { queue, rest } = emulator.hosts;
		const hosts = { queueUrl: queue, restUrl: rest, platformUrl: 'http://gateway.example/v1' };
		const data = { ...credentialData(emulator), ...hosts };
		const tested = await n8n.testCredential(await saveCredential(n8n, data), data);
		expect(tested).toMatchObject({ status: 'Error' });
		expect(tested.message).toContain('Platform URL in the credential must start with https://');
	});

	test('takes a custom host that no HTTP Request node may call', async () => {
		const data = { ...credentialData(emulator), allowedHttpRequestDomains: 'none' };
		const tested = await n8n.testCredential(await saveCredential(n8n, data), data);
		expect(tested).toMatchObject({ status: 'OK' });
	});

	test('asks fal for no video', () => {
		expect(emulator.requests).toHaveLength(0);
	});
});
