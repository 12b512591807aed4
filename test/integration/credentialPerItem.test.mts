import { useEngine } from './engine.mts';
import { calls, startScene, videoParameters, type Scene } from './scene.mts';

/* A credential may hold expressions: each item is then another customer's, and pays for itself. */

const engine = useEngine();
let scenes: Scene[];

beforeEach(async () => {
	scenes = [await startScene(), await startScene()];
});

afterEach(async () => {
	for (const { fal } of scenes) await fal.close();
});

const FIELDS = ['apiKey', 'queueUrl', 'restUrl', 'platformUrl'] as const;

/** Each field of it comes from the item. */
const credential = {
	customHosts: true,
	...Object.fromEntries(FIELDS.map((field) => [field, `={{ $json.${field} }}`])),
};

const itemsOf = (more: object[]) =>
	more.map((json, i) => ({ ...scenes[i % 2]!.credential, ...json }));

test('each item is generated with the key that its own fields give', async () => {
	const items = itemsOf([{ prompt: 'one' }, { prompt: 'two' }, { prompt: 'three' }]);
	const { outputs, error } = await engine.run({ parameters: videoParameters(), items, credential });
	expect(error).toBeUndefined();
	expect(outputs[0]!.map(({ json }) => json.prompt)).toEqual(['one', 'two', 'three']);
	const prompts = scenes.map(({ fal }) => fal.requests.map(({ input }) => input.prompt).sort());
	expect(prompts).toEqual([['one', 'three'], ['two']]);
});

test('requests are asked for and cancelled with it, too', async () => {
	const items = itemsOf([{ prompt: 'one' }, { prompt: 'two' }]);
	const parameters = videoParameters({ options: { waitMode: 'none' } });
	const submitted = await engine.run({ parameters, items, credential });
	const ids = submitted.outputs[0]!.map(({ json }) => json.request_id);
	const requests = items.map((json, i) => ({ ...json, requestId: ids[i]! }));
	for (const operation of ['getStatus', 'getResult', 'cancel']) {
		const { error, outputs } = await engine.run({
			parameters: {
				...{ resource: 'request', operation, requestId: '={{ $json.requestId }}' },
				waitForCompletion: true,
			},
			items: requests,
			credential,
		});
		expect(error).toBeUndefined();
		expect(outputs[0]!.map(({ json }) => json.request_id)).toEqual(ids);
	}
	for (const { fal } of scenes) expect(calls(fal, 'cancel')).toHaveLength(1);
});

test('lists come from it as well', async () => {
	const [one] = itemsOf([{ prompt: 'one' }]);
	await engine.run({ parameters: videoParameters(), items: [one!], credential });
	const { outputs } = await engine.run({
		parameters: { resource: 'request', operation: 'getMany', returnAll: true },
		items: itemsOf([{}, {}]),
		credential,
	});
	expect(outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
});
