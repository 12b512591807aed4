import { generateKeyPairSync, sign } from 'node:crypto';
import type { CallFault, SignedWebhook } from '../../emulator/index.mts';
import { useEngine, type WebhookOutcome } from './engine.mts';
import { calls, useScene, until, videoParameters } from './scene.mts';

/* The trigger's webhook, called by fal and by others who know its address. */

const OTHER_ACCOUNT = 'another-account';

const engine = useEngine();
const scene = useScene();
let nodeId: string;
let nodes = 0;

beforeEach(() => {
	nodeId = `node ${++nodes}`;
});

const post = async (call: SignedWebhook, options: Record<string, string> = {}) =>
	await engine.webhook({
		...{ nodeId, credential: scene.credential, parameters: { options } },
		...call,
	});

/** A finished request of the account; gives its ID. */
async function finished(): Promise<string> {
	await engine.run({
		parameters: videoParameters({ options: { waitMode: 'none' } }),
		credential: scene.credential,
	});
	const [request] = scene.fal.requests;
	await until(() => request!.state === 'COMPLETED');
	return request!.request_id;
}

/** Webhooks that fal signs for an account that is not this one, each for another request. */
const foreign = (count: number) =>
	Array.from({ length: count }, (_value, i) =>
		scene.fal.webhookOf(`00000000-0000-4000-8000-${String(i).padStart(12, '0')}`, OTHER_ACCOUNT),
	);

/** Calls to fal with the key. */
const withKey = () =>
	scene.fal.calls.filter(({ listener }) => ['queue', 'platform'].includes(listener));

const keyFetches = () => scene.fal.calls.filter(({ path }) => path.includes('jwks.json'));

const statuses = (outcomes: WebhookOutcome[]) => outcomes.map(({ status }) => status);

test('a request of the account starts the workflow once', async () => {
	const webhook = scene.fal.webhookOf(await finished());
	const first = await post(webhook);
	expect(first).toMatchObject({ status: 200, started: [{ binary: { data: {} } }] });
	const before = withKey().length;
	expect(await post(webhook)).toMatchObject({ status: 200, started: undefined });
	expect(withKey()).toHaveLength(before);
});

test('its cost is that of the endpoint that it was submitted to', async () => {
	await engine.run({
		parameters: videoParameters({ model: 'full', loras: {}, options: { waitMode: 'none' } }),
		credential: scene.credential,
	});
	const [request] = scene.fal.requests;
	await until(() => request!.state === 'COMPLETED');
	const { started } = await post(scene.fal.webhookOf(request!.request_id));
	expect(started![0]!.json.cost).toMatchObject({ unit_price: 0.001605, source: 'billed' });
});

test('the file has the name that was chosen', async () => {
	const webhook = scene.fal.webhookOf(await finished());
	const { started } = await post(webhook, { fileName: 'fox/1' });
	expect(started![0]!.binary!.data).toMatchObject({ fileName: 'fox_1.mp4' });
});

test('a request that only the history has still starts it', async () => {
	await scene.restart({ resultLifetimeSeconds: 0 });
	const webhook = scene.fal.webhookOf(await finished());
	expect(await post(webhook)).toMatchObject({ status: 200, started: [{ json: {} }] });
});

describe('webhooks that fal signed for other accounts', () => {
	test('start nothing, and fal is asked about each request once', async () => {
		const [webhook] = foreign(1);
		for (let call = 0; call < 5; call++) {
			expect(await post(webhook!)).toMatchObject({ status: 200, started: undefined });
		}
		expect(calls(scene.fal, 'status')).toHaveLength(1);
		// One list for each endpoint.
		expect(withKey()).toHaveLength(1 + 22);
	});

	test('make sixty look-ups in a minute at the most, three of them in the history', async () => {
		const outcomes = await Promise.all(foreign(200).map(async (call) => await post(call)));
		expect(statuses(outcomes).filter((status) => status === 200)).toHaveLength(3);
		expect(statuses(outcomes).filter((status) => status === 503)).toHaveLength(197);
		expect(outcomes.filter(({ started }) => started)).toEqual([]);
		expect(calls(scene.fal, 'status')).toHaveLength(60);
		expect(withKey()).toHaveLength(60 + 3 * 22);
	});

	test('are refused without any call where the account is named, and its own still come', async () => {
		const options = { falUserId: ` ${scene.fal.userId}` };
		const outcomes = await Promise.all(foreign(200).map(async (call) => await post(call, options)));
		expect(new Set(statuses(outcomes))).toEqual(new Set([401]));
		expect(scene.fal.calls).toEqual([]);
		const own = await post(scene.fal.webhookOf(await finished()), options);
		expect(own).toMatchObject({ status: 200, started: [{ binary: { data: {} } }] });
	});

	test.each(['', '={{ $json.nothing }}'])('an account of %j lets nothing in', async (falUserId) => {
		const outcome = await post(scene.fal.webhookOf(await finished()), { falUserId });
		expect(outcome).toMatchObject({ status: 503, started: undefined });
	});
});

describe('webhooks with a wrong signature', () => {
	/** Signed by somebody else than fal. */
	function withWrongSignature(): SignedWebhook {
		const { headers, body } = scene.fal.webhookOf('r');
		const { privateKey } = generateKeyPairSync('ed25519');
		const signature = sign(null, Buffer.from('x'), privateKey).toString('hex');
		return { headers: { ...headers, 'x-fal-webhook-signature': signature }, body };
	}

	const flood = async () => {
		const outcomes: WebhookOutcome[] = [];
		for (let call = 0; call < 200; call++) outcomes.push(await post(withWrongSignature()));
		return new Set(statuses(outcomes));
	};

	test("make one fetch of fal's keys while they can't be fetched", async () => {
		const down: CallFault = { kind: 'status', status: 500, json: {} };
		scene.fal.fault('jwks', Array<CallFault>(500).fill(down));
		expect(await flood()).toEqual(new Set([503]));
		expect(keyFetches()).toHaveLength(1);
	});

	test('make one fetch of them when they can', async () => {
		expect(await flood()).toEqual(new Set([401]));
		expect(keyFetches()).toHaveLength(1);
		expect(withKey()).toEqual([]);
	});
});
