import { useEngine, type NodeRun } from './engine.mts';
import { calls, until, useScene, videoParameters } from './scene.mts';

/* Equal inputs at the same time: a submit whose response was lost never takes the request of another. */

const engine = useEngine();
const scene = useScene();

const generate = async (more: Partial<NodeRun>, timeoutSeconds = 60) =>
	await engine.run({
		parameters: videoParameters({ options: { timeoutSeconds } }),
		credential: scene.credential,
		...more,
	});

test.each([
	['two credentials may be of one account', {}, { allowedHttpRequestDomains: 'all' }],
	['a retry looks for it again', { retryOnFail: true }, {}],
])(
	'the request of another is not taken before its response has come: %s',
	async (_case, more, key) => {
		// fal has the other one's request, and lists it, but its response is still on its way.
		const taken = { kind: 'hang', accepted: true } as const;
		scene.fal.script('a fox', { submit: [{ kind: 'resetBefore' }, taken] });
		const lost = generate({ executionId: 'lost', ...more }, 2);
		await until(() => calls(scene.fal, 'submit').length === 1);
		const stop = new AbortController();
		const credential = { ...scene.credential, ...key };
		const other = generate({ executionId: 'other', credential, stop: stop.signal });
		const { error } = await lost;
		expect(error!.message).toContain('fal may have accepted the request');
		stop.abort();
		await scene.fal.close();
		await other;
	},
);
