import { Readable } from 'node:stream';
import { FAL_HOSTS } from '../../../../nodes/FalLtxVideo/fal/hosts';
import type { FalHttp } from '../../../../nodes/FalLtxVideo/fal/http/n8nHttp';
import { falQueue, type QueueStatus } from '../../../../nodes/FalLtxVideo/fal/queue/falQueue';

const EVENTS = 50;

/** Collects garbage now: V8 offers it to whoever asks for it by name. */
async function collectGarbage(): Promise<void> {
	const { setFlagsFromString } = await import('node:v8');
	const { runInNewContext } = await import('node:vm');
	setFlagsFromString('--expose-gc');
	(runInNewContext('gc') as () => void)();
	await new Promise((resolve) => setImmediate(resolve));
	(runInNewContext('gc') as () => void)();
}

test('events of a status stream are not kept', async () => {
	const seen: Array<WeakRef<QueueStatus>> = [];
	let kept = EVENTS;
	async function* events() {
		for (let n = 0; n < EVENTS; n++) {
			yield Buffer.from('data: {"status":"IN_PROGRESS"}\n\n');
			await new Promise((resolve) => setImmediate(resolve));
		}
		await collectGarbage();
		kept = seen.filter((event) => event.deref() !== undefined).length;
	}
	const http = {
		withKey: async () =>
			await Promise.resolve({
				...{ status: 200, headers: { 'content-type': 'text/event-stream' } },
				...{ body: Readable.from(events()), close: () => undefined },
			}),
	} as unknown as FalHttp;
	await falQueue(http, FAL_HOSTS).streamStatus('one', (status) => seen.push(new WeakRef(status)));
	expect(seen).toHaveLength(EVENTS);
	// The last one is in use.
	expect(kept).toBeLessThan(EVENTS / 2);
});
