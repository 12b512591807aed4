import { useEngine } from './engine.mts';
import { useScene, videoParameters } from './scene.mts';

/* n8n's protection against server-side request forgery refuses a host before anything is sent. */

beforeAll(() => {
	process.env.N8N_SSRF_PROTECTION_ENABLED = 'true';
});

const engine = useEngine();
const scene = useScene();

afterAll(() => {
	delete process.env.N8N_SSRF_PROTECTION_ENABLED;
});

test('a queue that n8n refuses to call has accepted nothing', async () => {
	const { fal, credential } = scene;
	const { error } = await engine.run({ parameters: videoParameters(), credential });
	const text = `${error!.message} ${error!.description}`;
	expect(text).toContain('restricted IP address');
	expect(text).not.toContain('may have accepted');
	expect(fal.calls).toHaveLength(0);
});
