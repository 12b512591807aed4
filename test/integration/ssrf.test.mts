import { type Engine, startEngine } from './engine.mts';
import { startScene, videoParameters } from './scene.mts';

/* n8n's protection against server-side request forgery refuses a host before anything is sent. */

let engine: Engine;

beforeAll(async () => {
	process.env.N8N_SSRF_PROTECTION_ENABLED = 'true';
	engine = await startEngine('filesystem');
});

afterAll(() => {
	delete process.env.N8N_SSRF_PROTECTION_ENABLED;
});

test('a queue that n8n refuses to call has accepted nothing', async () => {
	const { fal, credential } = await startScene();
	const { error } = await engine.run({ parameters: videoParameters(), credential });
	await fal.close();
	const text = `${error!.message} ${error!.description}`;
	expect(text).toContain('restricted IP address');
	expect(text).not.toContain('may have accepted');
	expect(fal.calls).toHaveLength(0);
});
