import type { IDataObject } from 'n8n-workflow';
import type { Emulator } from '../../../emulator/index.mts';
import type { Engine, Outcome } from '../engine.mts';
import { calls, servedBytes, startScene, until, videoParameters } from '../scene.mts';
import type { Case } from './cases.mts';

/** What came of a case. */
export interface Observed {
	/** Submits that arrived at fal. */
	submits: number;
	/** Requests that fal accepted. */
	accepted: string[];
	/** `whole`: byte for byte what the CDN serves. */
	video: 'whole' | 'none' | 'damaged';
	/** Cancels that arrived at fal. */
	cancels: number;
	message: string;
	description: string;
	/** Everything a person or a log may get to see, as text. */
	seen: string;
	apiKey: string;
}

/** Plays one case in n8n's engine, against a local fal of its own. */
export async function play(engine: Engine, one: Case): Promise<Observed> {
	const { fal, credential } = await startScene({ variants: one.variants });
	try {
		fal.script('a fox', one.play);
		const stop = new AbortController();
		const { timeoutSeconds, onStop } = one;
		const options = { ...(timeoutSeconds && { timeoutSeconds }), ...(onStop && { onStop }) };
		const parameters = videoParameters({ options });
		const running = engine.run({ parameters, credential, stop: stop.signal });
		await meanwhile(fal, one, stop);
		const outcome = await running;
		// n8n doesn't wait for a node that was stopped: its cancel is still on its way.
		if (one.stopWhen && one.cancel) await until(() => calls(fal, 'cancel').length > 0);
		return await observe(engine, fal, outcome);
	} finally {
		await fal.close();
	}
}

async function meanwhile(fal: Emulator, one: Case, stop: AbortController): Promise<void> {
	const { stopWhen, goneWhen } = one;
	if (stopWhen) {
		await until(() => stopWhen(fal));
		stop.abort();
	}
	if (goneWhen) {
		await until(() => goneWhen(fal));
		await fal.close();
	}
}

async function observe(engine: Engine, fal: Emulator, outcome: Outcome): Promise<Observed> {
	const { error, outputs, hints } = outcome;
	return {
		submits: calls(fal, 'submit').length,
		accepted: fal.requests.map(({ request_id }) => request_id),
		video: await videoOf(engine, outcome),
		cancels: calls(fal, 'cancel').length,
		message: error?.message ?? '',
		description: error?.description ?? '',
		seen: JSON.stringify([{ ...error, node: undefined }, error?.message, outputs, hints]),
		apiKey: fal.apiKey,
	};
}

async function videoOf(engine: Engine, { outputs }: Outcome): Promise<Observed['video']> {
	const item = outputs[0]?.[0];
	if (!item) return 'none';
	const { url } = item.json.video as IDataObject;
	const [arrived, served] = await Promise.all([engine.bytes(item, 'data'), servedBytes(url)]);
	return arrived.equals(served) ? 'whole' : 'damaged';
}
