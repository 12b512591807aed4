import { sleep } from 'n8n-workflow';
import { FalError } from './FalError';

/**
 * Passes bytes on, and gives up on a source that sends none for a while: a connection that died
 * without a word would otherwise be waited on for ever.
 *
 * @throws FalError of kind `network` when nothing came for `silentAfterMs`
 */
export async function* unlessSilent(
	bytes: AsyncIterable<Uint8Array>,
	silentAfterMs: number,
): AsyncGenerator<Uint8Array> {
	const iterator = bytes[Symbol.asyncIterator]();
	for (;;) {
		const next = await soonEnough(iterator.next(), silentAfterMs);
		if (next.done) return;
		yield next.value;
	}
}

async function soonEnough<T>(promise: Promise<T>, withinMs: number): Promise<T> {
	const timer = new AbortController();
	const tooLate = sleep(withinMs, timer.signal).then(() => {
		throw new FalError({
			kind: 'network',
			doing: 'Following the status',
			reason: `silent for ${withinMs / 1000} s`,
		});
	});
	try {
		return await Promise.race([promise, tooLate]);
	} finally {
		tooLate.catch(() => undefined);
		timer.abort();
	}
}
