import { useEngine } from './engine.mts';
import { startScene, until, videoParameters } from './scene.mts';

/* After a run, however it ended, the process holds no more timers and connections than before. */

const engine = useEngine();

/** What keeps the process busy, apart from what the local fal and the test itself hold. */
function held(): string[] {
	return process
		.getActiveResourcesInfo()
		.filter((name) => name === 'Timeout' || name === 'TCPSocketWrap')
		.sort();
}

test.each([
	['a good run', {}, {}],
	['a stream that fell silent', { stream: [{ kind: 'cutStream', afterEvents: 1 }] }, {}],
	['a download that broke off', { download: [{ kind: 'cutDownload', afterBytes: 500 }] }, {}],
	['a refusal', { submit: [{ kind: 'status', status: 403 }] }, {}],
	['a timeout', { job: { runSeconds: 60 } }, { timeoutSeconds: 1 }],
	['a download that hangs', { download: [{ kind: 'hang' }] }, { timeoutSeconds: 1 }],
] as const)('%s leaves no timer and no connection', async (_case, script, options) => {
	const before = held();
	const { fal, credential } = await startScene();
	fal.script('a fox', JSON.parse(JSON.stringify(script)) as object);
	await engine.run({ parameters: videoParameters({ options }), credential });
	await fal.close();
	await until(() => held().length <= before.length);
});

test.each([
	['a stream that fell silent', { stream: [{ kind: 'silentStream', afterEvents: 0 }] }, {}],
	['a page in place of the file', { download: [{ kind: 'status', status: 200, html: '<p>' }] }, {}],
	['a download that hangs', { download: [{ kind: 'hang' }] }, { timeoutSeconds: 1 }],
] as const)('%s holds no connection while fal works on', async (_case, script, options) => {
	const before = held();
	const { fal, credential } = await startScene({ runSeconds: 4 });
	fal.script('a fox', JSON.parse(JSON.stringify(script)) as object);
	await engine.run({ parameters: videoParameters({ options }), credential });
	// What the local fal itself waits with is its own.
	await until(() => held().filter((name) => name === 'TCPSocketWrap').length <= before.length);
	await fal.close();
});

test('Stop leaves no timer and no connection', async () => {
	const before = held();
	const { fal, credential } = await startScene();
	fal.script('a fox', { job: { runSeconds: 60 } });
	const stop = new AbortController();
	const running = engine.run({ parameters: videoParameters(), credential, stop: stop.signal });
	await until(() => fal.requests[0]?.state === 'IN_PROGRESS');
	stop.abort();
	await running;
	await until(() => fal.requests[0]!.cancelledAt !== undefined);
	await fal.close();
	await until(() => held().length <= before.length);
});
