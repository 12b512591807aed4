/**
 * Run as a process of its own by lifecycle.test.mts: leaves something under way of every kind,
 * closes the emulator, and must then end by itself.
 */
import { createFal, TINY, type Fal } from './support.mts';

async function leaveEverythingUnderWay(fal: Fal): Promise<Array<Promise<unknown>>> {
	const { hosts } = fal;
	// The discard port has no listener, so this webhook is tried again and again.
	const reported = await fal.submit({ prompt: 'reported' }, '?fal_webhook=http://127.0.0.1:9/');
	await fal.until(reported, 'COMPLETED');
	fal.script('waits', { job: { queueSeconds: 3600 } });
	const waits = await fal.submit({ prompt: 'waits' });
	const size = { width: 3840, height: 2160 };
	const encodes = await fal.submit({ prompt: 'encodes', num_frames: 481, video_size: size });
	await fal.until(encodes, 'IN_PROGRESS');
	fal.script('hangs', { submit: [{ kind: 'hang' }] });
	fal.fault('jwks', [{ kind: 'slow', milliseconds: 3_600_000 }]);
	const calls = [
		fal.post({ ...TINY, prompt: 'hangs' }),
		fetch(`${hosts.rest}/.well-known/jwks.json`),
		fal.get(`${waits.status_url}/stream`).then((response) => response.text()),
	];
	// Each call has arrived once a later one has its response.
	await fal.get(waits.status_url);
	return calls.map((call) => call.catch(() => 'broken off'));
}

const fal = await createFal({ variants: { webhookRetryMs: [3_600_000] } });
const calls = await leaveEverythingUnderWay(fal);
await fal.close();
console.log(JSON.stringify(await Promise.all(calls)));
