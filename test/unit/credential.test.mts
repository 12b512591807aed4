import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { FalLtxApi } from '../../credentials/FalLtxApi.credentials';

const { displayName, properties, test: credentialTest } = new FalLtxApi();

// n8n's lint wants the name in title case.
test('has one name in the code, the examples and the pages', () => {
	const written = execFileSync('git', ['ls-files', '-co', '--exclude-standard'])
		.toString()
		.split('\n')
		.filter((file) => /\.(ts|mts|json|md)$/.test(file) && existsSync(file))
		.flatMap((file) => readFileSync(file, 'utf8').match(/fal\sltx\sapi/gi) ?? []);
	expect([...new Set(written)]).toEqual([displayName]);
});

test('leads to where keys are made', () => {
	const { description } = properties.find(({ name }) => name === 'apiKey')!;
	expect(description).toContain('<a href="https://fal.ai/dashboard/keys" target="_blank">');
});

test('says of a key that fal refuses how to copy one', () => {
	expect(credentialTest.rules).toEqual([
		{
			type: 'responseCode',
			properties: {
				value: 401,
				message: expect.stringMatching(
					/^fal does not know this key\. Copy both parts, with the colon/,
				),
			},
		},
	]);
});
