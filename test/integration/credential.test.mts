import { useEngine } from './engine.mts';
import { useScene } from './scene.mts';

/* A key is taken as people have it; the local fal responds with 401 to anything but the bare one. */

const engine = useEngine();
const scene = useScene();

test.each<[string, (key: string) => string]>([
	['as it is', (key) => key],
	['with blanks and line breaks around it', (key) => ` \u00a0${key}\r\n`],
	['with its scheme', (key) => `Key ${key}`],
	['with the scheme of others', (key) => `bearer  ${key}`],
	['in quotes', (key) => `"${key}"`],
	['in other quotes, with its scheme', (key) => ` 'Key ${key}' \n`],
	['with its scheme, in quotes', (key) => `Key "${key}"`],
	['with an invisible character', (key) => `\u200b${key}\ufeff`],
])('a key %s', async (_case, given) => {
	const { error } = await engine.run({
		parameters: { resource: 'request', operation: 'getMany' },
		credential: { ...scene.credential, apiKey: given(scene.fal.apiKey) },
	});
	expect(error).toBeUndefined();
	expect(scene.fal.calls.at(-1)).toMatchObject({ path: expect.stringContaining('by-endpoint') });
});
