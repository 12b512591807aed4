import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { FalConnection } from '../../../nodes/FalLtxVideo/fal/connection';
import { FAL_HOSTS } from '../../../nodes/FalLtxVideo/fal/hosts';
import { LargeTurn } from '../../../nodes/FalLtxVideo/fal/http/largeTurn';
import { LIMITS } from '../../../nodes/FalLtxVideo/fal/http/limits';
import type { FalHttp, HttpResponse } from '../../../nodes/FalLtxVideo/fal/http/n8nHttp';
import { falQueue } from '../../../nodes/FalLtxVideo/fal/queue/falQueue';
import { requestList } from '../../../nodes/FalLtxVideo/fal/queue/requestList';
import { type Delivery, deliverVideo } from '../../../nodes/FalLtxVideo/output/deliver';
import { afterFailure, type ResultWait } from '../../../nodes/FalLtxVideo/request/awaitVideo';
import { fetchResult } from '../../../nodes/FalLtxVideo/request/status/fetchResult';

/* Results with the file in them, of many items at once, from fal to n8n's binary store. */

const MIB = 1024 * 1024;
const LARGE = LIMITS.answerBytes + 2 * MIB;

const resultOf = (fileBytes: number, rest = {}) => {
	const file = Buffer.alloc(fileBytes, 1).toString('base64');
	return JSON.stringify({ video: { url: `data:video/mp4;base64,${file}` }, ...rest });
};
const large = resultOf(LARGE);
const small = resultOf(1_000);

/** What fal answers, by request; the name of a request says which result it has. */
class Fal {
	/** Requests whose result is being read beyond what any response may have, or was and is held. */
	readonly held = new Set<string>();

	/** The most of them at once. */
	mostHeld = 0;

	/** Calls, by request. */
	readonly calls = new Map<string, number>();

	readonly asked = (id: string) => this.calls.get(id) ?? 0;

	constructor(private readonly bodies: Record<string, string[]> = {}) {}

	private *pieces(id: string, text: string): Generator<Buffer> {
		const bytes = Buffer.from(text);
		for (let at = 0; at < bytes.length; at += 64 * 1024) {
			if (at > LIMITS.answerBytes + 64 * 1024) this.hold(id);
			yield bytes.subarray(at, at + 64 * 1024);
		}
	}

	private hold(id: string): void {
		this.held.add(id);
		this.mostHeld = Math.max(this.mostHeld, this.held.size);
	}

	readonly http: FalHttp = {
		withKey: async ({ url }) => {
			const id = new URL(url).pathname.split('/').pop()!;
			const nth = this.asked(id);
			this.calls.set(id, nth + 1);
			const bodies = this.bodies[id] ?? [id.startsWith('small') ? small : large];
			const text = bodies[nth] ?? bodies.at(-1)!;
			const body = Readable.from(this.pieces(id, text), { highWaterMark: 1 });
			const close = () => void body.destroy();
			return await Promise.resolve<HttpResponse>({ status: 200, headers: {}, body, close });
		},
		withoutKey: async () => await Promise.reject(new Error('no file is asked for')),
	};
}

/** n8n's binary store, which takes a file when it is let. */
class Store {
	readonly begun: string[] = [];

	private readonly gates = new Map<string, () => void>();

	/** @param isOpen whether it takes files at once */
	constructor(
		private readonly fal: Fal,
		private readonly isOpen = true,
	) {}

	/** Lets it take the file of a request. */
	finish(id: string): void {
		this.gates.get(id)!();
	}

	readonly of = (id: string) => async () => {
		this.begun.push(id);
		const opened = new Promise<void>((resolve) => this.gates.set(id, resolve));
		if (this.isOpen) await pause(5);
		else await opened;
		this.fal.held.delete(id);
		return { data: '', mimeType: 'video/mp4' };
	};
}

function deliver(fal: Fal, store: Store, id: string, more: Partial<Delivery> = {}) {
	const queue = falQueue(fal.http, FAL_HOSTS);
	const timings = {
		...{ submitted_at: null, queue_seconds: null },
		...{ inference_seconds: null, request_seconds: null },
	};
	return deliverVideo({
		context: {
			getNode: () => ({ type: 'falLtxVideo', parameters: {} }),
			helpers: { prepareBinaryData: store.of(id) },
		} as unknown as Delivery['context'],
		fal: { http: fal.http } as FalConnection,
		options: {
			...{ downloadVideo: true, outputBinaryField: 'data', includeLogs: false },
			timeoutSeconds: 60,
		},
		cost: { origin: async () => await Promise.resolve(undefined), estimated: null },
		video: async (wait: ResultWait) => ({
			...(await fetchResult({ queue, requestId: id, mayHoldFile: true, ...wait })),
			...{ requestId: id, timings, logs: [] },
		}),
		...more,
	});
}

async function until(condition: () => boolean): Promise<void> {
	const deadline = Date.now() + 10_000;
	while (!condition()) {
		if (Date.now() > deadline) throw new Error(`Still not: ${condition.toString()}`);
		await pause(5);
	}
}

const names = (prefix: string, count: number) =>
	Array.from({ length: count }, (_, i) => `${prefix}-${i}`);

test('of ten large results at once one is held, and all arrive', async () => {
	const fal = new Fal();
	const store = new Store(fal);
	const ids = names('ten', 10);
	const items = await Promise.all(ids.map(async (id) => await deliver(fal, store, id)));
	expect(items.map(({ binary }) => Object.keys(binary!))).toEqual(ids.map(() => ['data']));
	expect(fal.mostHeld).toBe(1);
	// The first one is read at once, the others again when their turn has come.
	expect(ids.map(fal.asked)).toEqual([1, ...Array<number>(9).fill(2)]);
	// In the order in which they asked.
	expect(store.begun).toEqual(ids);
});

test('small results pass by while a large one is held', async () => {
	const fal = new Fal();
	const store = new Store(fal, false);
	const holding = deliver(fal, store, 'holding');
	await until(() => store.begun.includes('holding'));
	const passing = names('small', 3).map(
		async (id) => await deliver(fal, new Store(fal), id, { stop: AbortSignal.timeout(5_000) }),
	);
	expect(await Promise.all(passing)).toHaveLength(3);
	expect(fal.held).toEqual(new Set(['holding']));
	store.finish('holding');
	await holding;
});

test('who is stopped while waiting leaves the line', async () => {
	const fal = new Fal();
	const store = new Store(fal, false);
	const stop = new AbortController();
	const first = deliver(fal, store, 'stop-first');
	await until(() => store.begun.length === 1);
	const stopped = deliver(fal, store, 'stop-second', { stop: stop.signal });
	await until(() => fal.asked('stop-second') === 1);
	const last = deliver(fal, new Store(fal), 'stop-last');
	await until(() => fal.asked('stop-last') === 1);
	// What has to wait is asked for again later: nothing of it is open or in memory.
	expect(fal.held).toEqual(new Set(['stop-first']));
	stop.abort();
	await expect(stopped).rejects.toThrow('The execution was stopped');
	store.finish('stop-first');
	await Promise.all([first, last]);
	expect(fal.asked('stop-second')).toBe(1);
	expect(fal.mostHeld).toBe(1);
});

const junk = JSON.stringify({ video: { url: 'https://v3.fal.media/a.mp4' }, more: large });
const early = JSON.stringify({ detail: 'still in progress', large });

test.each([
	['the store fails', large, 'full'],
	['the file is a page', large.replace('base64,AQEB', 'base64,PGh0bWw+'), 'did not arrive'],
	['the result has no video', JSON.stringify({ images: [large] }), 'there is no video'],
	['there is much beside the file', resultOf(1_000, { more: large }), 'without its file'],
	['there is much, and no file', junk, 'without its file'],
])('the turn is given back when %s', async (what, body, message) => {
	const id = `fails-${what.replaceAll(/\W/g, '-')}`;
	const fal = new Fal({ [id]: [body] });
	const full = { prepareBinaryData: async () => await Promise.reject(new Error('full')) };
	const context = {
		getNode: () => ({ type: 'falLtxVideo', parameters: {} }),
		helpers: full,
	} as never;
	await expect(deliver(fal, new Store(fal), id, { context })).rejects.toThrow(message);
	fal.held.clear();
	await deliver(fal, new Store(fal), 'after', { stop: AbortSignal.timeout(5_000) });
	expect(fal.asked('after')).toBe(1);
});

test.each([
	['has no end', large.slice(0, -1)],
	['says that it is early', early],
])('the turn is given back before a result that %s is asked for again', async (_what, body) => {
	const fal = new Fal({ again: [body] });
	const turn = new LargeTurn();
	const result = falQueue(fal.http, FAL_HOSTS).result('again', { mayHoldFile: true, turn });
	await expect(result).rejects.toThrow('Fetching the result failed');
	expect(turn.isHeld).toBe(false);
});

test('the turn is given back before a file is downloaded', async () => {
	const padded = JSON.stringify({ video: { url: 'https://v3.fal.media/a.mp4' } }).padEnd(LARGE);
	const fal = new Fal({ padded: [padded] });
	const stop = new AbortController();
	let isDownloading = false;
	const withoutKey = async () => {
		isDownloading = true;
		return await new Promise<never>((_resolve, reject) => {
			stop.signal.addEventListener('abort', () => reject(new Error('stopped')));
		});
	};
	const downloading = deliver(fal, new Store(fal), 'padded', {
		...{
			fal: { http: { ...fal.http, withoutKey } } as unknown as FalConnection,
			stop: stop.signal,
		},
	});
	await until(() => isDownloading);
	await deliver(fal, new Store(fal), 'meanwhile', { stop: AbortSignal.timeout(5_000) });
	expect(fal.asked('meanwhile')).toBe(1);
	stop.abort();
	await expect(downloading).rejects.toThrow();
});

test('a page of the history is read in turn, and held no longer than its result is needed', async () => {
	const turn = new LargeTurn();
	const signal = new AbortController().signal;
	const row = { request_id: 'r1', status_code: 200, json_output: JSON.parse(large) as unknown };
	const page = (items: unknown[]) => JSON.stringify({ items, pad: 'a'.repeat(LARGE) });
	const gone = { kind: 'response', doing: 'x', status: 404, detail: 'Request not found' } as const;
	const { FalError } = await import('../../../nodes/FalLtxVideo/fal/errors/FalError');
	const look = async (items: unknown[]) => {
		const fal = new Fal({ 'by-endpoint': [page(items)] });
		const list = requestList(fal.http, FAL_HOSTS);
		return await afterFailure(list, { requestId: 'r1' }, new FalError(gone), { signal, turn });
	};
	expect(await look([row])).toMatchObject({ data: row.json_output });
	expect(turn.isHeld).toBe(true);
	turn.leave();
	expect(await look([{ ...row, status_code: 500 }])).toBeInstanceOf(FalError);
	expect(turn.isHeld).toBe(false);
	// Who needs no row for long has a turn for each page.
	const fal = new Fal({ 'by-endpoint': [page([row])] });
	const rows = requestList(fal.http, FAL_HOSTS)({ endpointId: 'a/b', payloads: true });
	expect((await rows.next()).value).toMatchObject({ request_id: 'r1' });
	expect(turn.takeIfFree(signal)).toBe(true);
	turn.leave();
});
