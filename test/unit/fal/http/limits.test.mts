import { Readable } from 'node:stream';
import { nextStep } from '../../../../nodes/FalLtxVideo/output/errors/nextStep';
import { readDetails } from '../../../../nodes/FalLtxVideo/fal/errors/errorDetails';
import { parseExact } from '../../../../nodes/FalLtxVideo/fal/http/exactJson';
import { falFetch } from '../../../../nodes/FalLtxVideo/fal/http/falFetch';
import type { FalError } from '../../../../nodes/FalLtxVideo/fal/errors/FalError';
import { FAL_HOSTS, type FalHosts } from '../../../../nodes/FalLtxVideo/fal/hosts';
import {
	type FalHttp,
	type HttpContext,
	n8nHttp,
	readText,
} from '../../../../nodes/FalLtxVideo/fal/http/n8nHttp';
import { LIMITS } from '../../../../nodes/FalLtxVideo/fal/http/limits';
import { falQueue } from '../../../../nodes/FalLtxVideo/fal/queue/falQueue';
import { requestList } from '../../../../nodes/FalLtxVideo/fal/queue/requestList';
import { isRequestId } from '../../../../nodes/FalLtxVideo/fal/queue/requestId';
import { billedUnits } from '../../../../nodes/FalLtxVideo/cost/actualCost';
import { readAs } from '../../../../nodes/FalLtxVideo/parameters/reading/values/readAs';

/* What a hostile or broken server, or person, can send, against the table of limits. */

const call = { doing: 'Asking', method: 'GET', url: 'https://queue.fal.run/x' };

const responseOf = (body: Readable) => ({ body, close: () => void body.destroy() });

const respondingWith = (json: () => unknown, headers = {}): FalHttp => ({
	withKey: async () =>
		await Promise.resolve({
			...{ status: 200, headers },
			...responseOf(Readable.from([Buffer.from(JSON.stringify(json()))])),
		}),
	withoutKey: async () => await Promise.reject(new Error('no file is asked for')),
});

test('a response that drips is not read for ever', async () => {
	async function* drip() {
		for (;;) {
			await new Promise((resolve) => setImmediate(resolve));
			yield Buffer.from(' ');
		}
	}
	const reading = readText(call, responseOf(Readable.from(drip())), { bytes: 1e9, withinMs: 50 });
	await expect(reading).rejects.toMatchObject({
		fault: { kind: 'network', reason: 'not read to its end within 0.05 s' },
	});
});

test.each([
	['slower than any line', 0.9, 'not read to its end within'],
	['as slow as a line may be', 1.1, undefined],
])('a large response that is %s', async (_what, times, reason) => {
	const clock = jest.spyOn(Date, 'now').mockReturnValue(0);
	const piece = Buffer.alloc(times * LIMITS.slowestBytesPerSecond * 10, ' ');
	const most = (LIMITS.readFileWithinMs / 10_000) * 0.9;
	function* slow() {
		for (let n = 1; n < most; n++) {
			clock.mockReturnValue(n * 10_000);
			yield piece;
		}
	}
	const limits = { bytes: LIMITS.resultWithFileBytes, withinMs: LIMITS.readFileWithinMs };
	const reading = readText(call, responseOf(Readable.from(slow(), { highWaterMark: 1 })), limits);
	const read = await reading.then(
		() => undefined,
		({ fault }: FalError) => fault.reason,
	);
	clock.mockRestore();
	if (reason === undefined) expect(read).toBeUndefined();
	else expect(read).toContain(reason);
});

test.each([
	['one event without an end', Buffer.alloc(LIMITS.eventBytes / 4, 'a')],
	['events without an end', Buffer.alloc(LIMITS.eventBytes / 4, 'data: {}\n\n')],
])('a status stream of %s is ended', async (_what, piece) => {
	let sent = 0;
	function* endless() {
		for (;;) {
			sent += piece.length;
			yield piece;
		}
	}
	const http: FalHttp = {
		...respondingWith(() => ({})),
		withKey: async () =>
			await Promise.resolve({
				...{ status: 200, headers: { 'content-type': 'text/event-stream' } },
				...responseOf(Readable.from(endless())),
			}),
	};
	const fetchStream = falFetch(http, FAL_HOSTS, { doing: 'Following' });
	const response = await fetchStream(call.url, { headers: { accept: 'text/event-stream' } });
	await expect(response.text()).rejects.toMatchObject({
		fault: { reason: 'the stream is too large' },
	});
	expect(sent).toBeLessThanOrEqual(2 * LIMITS.streamBytes);
});

test.each([
	['the same cursor again and again', () => 'same'],
	['a new cursor each time', () => String(Math.random())],
])('a list with %s has an end', async (_what, cursor) => {
	let pages = 0;
	const http = respondingWith(() => {
		pages++;
		return { items: [], next_cursor: cursor() };
	});
	const reading = async () => {
		for await (const listed of requestList(
			http,
			FAL_HOSTS,
		)({ endpointId: 'a/b', payloads: false })) {
			throw new Error(`There is no ${listed.request_id}`);
		}
	};
	// It is not transient in truth, but costs nothing to be asked for again.
	await expect(reading()).rejects.toMatchObject({ fault: { kind: 'unreadable' } });
	expect(pages).toBeLessThanOrEqual(LIMITS.pages + 1);
});

test('a list whose pages are all large has an end', async () => {
	let pages = 0;
	const page = { request_id: 'a', json_input: { prompt: 'a'.repeat(LIMITS.listBytes / 20) } };
	const http = respondingWith(() => {
		if (pages > 20) throw new Error('There is no end');
		return { items: [page], next_cursor: String(pages++) };
	});
	const reading = async () => {
		const query = { endpointId: 'a/b', payloads: true };
		for await (const { request_id } of requestList(http, FAL_HOSTS)(query)) {
			expect(request_id).toBe('a');
		}
	};
	await expect(reading()).rejects.toMatchObject({
		fault: { reason: `the list is larger than ${LIMITS.listBytes} bytes` },
	});
});

test('an address that is longer than any is left out of what a submit gave', async () => {
	const long = `https://queue.fal.run/${'a'.repeat(LIMITS.addressCharacters)}`;
	const answer = { request_id: 'r1', status_url: long, cancel_url: {}, response_url: call.url };
	const queue = falQueue(
		respondingWith(() => answer),
		FAL_HOSTS,
	);
	const options = { priority: 'normal', keepPayload: true, serverRetries: true } as const;
	expect(await queue.submit('fal-ai/x', {}, options)).toEqual({
		...{ request_id: 'r1', response_url: call.url },
		...{ status_url: undefined, cancel_url: undefined },
	});
});

test('a cursor that fits in no address is none', async () => {
	const signal = AbortSignal.timeout(200);
	const http = respondingWith(() => ({
		items: [{ request_id: 'a' }],
		next_cursor: 'a'.repeat(1e6),
	}));
	const page = requestList(http, FAL_HOSTS)({ endpointId: 'a/b', payloads: true }, signal).next();
	await expect(page).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('what is nested too deep for n8n is not read, whatever stands in its texts', () => {
	const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
	expect(() => parseExact(nested(LIMITS.depth + 1))).toThrow(SyntaxError);
	expect(() => parseExact(nested(20_000))).toThrow(SyntaxError);
	expect(parseExact(nested(LIMITS.depth))).toEqual(JSON.parse(nested(LIMITS.depth)));
	const brackets = JSON.stringify({ prompt: `${'['.repeat(500)}"\\` });
	expect(parseExact(brackets)).toEqual(JSON.parse(brackets));
});

const pageOf = (piece: string) =>
	`{"items":[${piece.repeat(LIMITS.answerBytes / piece.length).slice(0, -1)}]}`;

test.each(['0,', '{},', '[],', '"",', '{"request_id":"a"},'])(
	'a response of %s without end is refused before it is read',
	(piece) => {
		const text = pageOf(piece);
		const start = process.cpuUsage();
		expect(() => parseExact(text)).toThrow('too many values');
		const { user, system } = process.cpuUsage(start);
		// Checking each value for itself takes twenty seconds of 4 MiB, and 64 MiB may come.
		expect((user + system) / 1000).toBeLessThan(1_000);
	},
);

test('as many values as any page of the list has are read, whatever stands in its texts', () => {
	const values = Array(LIMITS.values - 1).fill(',,[[{{') as string[];
	expect(parseExact(JSON.stringify(values))).toEqual(values);
});

test('a text without end that is no file is refused', () => {
	const text = JSON.stringify({ video: 'a'.repeat(LIMITS.pageBytes) });
	expect(() => parseExact(text)).toThrow('too long');
});

test.each(['../../admin', 'a/b', '', ' ', 'a b', 'ä', 'a'.repeat(129), 7, null])(
	'%j is no request ID',
	(id) => {
		expect(isRequestId(id)).toBe(false);
	},
);

test('a request ID of the list that is none hides no other row', async () => {
	const good = { request_id: 'good-1' };
	const items = [{ request_id: '../../admin' }, 'row', null, good];
	const rows: unknown[] = [];
	const list = requestList(
		respondingWith(() => ({ items })),
		FAL_HOSTS,
	);
	for await (const row of list({ endpointId: 'a/b', payloads: false })) rows.push(row);
	expect(rows).toEqual([good]);
});

describe("an address of a file in fal's response", () => {
	const asked: string[] = [];
	const redirects = new Map<string, string>();
	const helpers = {
		httpRequest: async ({ url }: { url: string }) => {
			asked.push(url);
			const location = redirects.get(url);
			const headers = location ? { location } : {};
			const statusCode = location ? 302 : 200;
			return await Promise.resolve({ statusCode, headers, body: Readable.from(['bytes']) });
		},
	};
	const context = { helpers, getNode: () => ({}) } as unknown as HttpContext;
	const at = (hosts: FalHosts) => n8nHttp(context, hosts, {});
	const download = async (url: string, hosts = FAL_HOSTS) =>
		await at(hosts).withoutKey({ doing: 'Downloading', method: 'GET', url });
	const PUBLIC = 'https://v3.fal.media/files/a.mp4';

	beforeEach(() => {
		asked.length = 0;
		redirects.clear();
	});

	test.each([
		'http://v3.fal.media/a.mp4',
		'https://127.0.0.1/a.mp4',
		'https://[::1]/a.mp4',
		'https://169.254.169.254/latest/meta-data/',
		'https://10.0.0.1/a.mp4',
		'https://[::ffff:10.0.0.1]/a.mp4',
		'https://localhost/a.mp4',
		'https://intranet/a.mp4',
		'https://0x7f000001/a.mp4',
		'file:///etc/passwd',
		'not an address',
	])('%s is not called, nor by way of a redirect', async (url) => {
		const refused = { fault: { kind: 'unreadable', reason: expect.stringContaining('public') } };
		await expect(download(url)).rejects.toMatchObject(refused);
		expect(asked).toEqual([]);
		if (!URL.canParse(url)) return;
		redirects.set(PUBLIC, url);
		await expect(download(PUBLIC)).rejects.toMatchObject(refused);
		expect(asked).toEqual([PUBLIC]);
	});

	test('is followed where it leads to a public one, and no further than some times', async () => {
		redirects.set(PUBLIC, '/files/b.mp4');
		expect((await download(PUBLIC)).status).toBe(200);
		expect(asked).toEqual([PUBLIC, 'https://v3.fal.media/files/b.mp4']);
		redirects.set(PUBLIC, PUBLIC);
		await expect(download(PUBLIC)).rejects.toMatchObject({
			fault: { reason: `more than ${LIMITS.redirects} redirects` },
		});
	});

	test('may be private where the queue is', async () => {
		const hosts = { ...FAL_HOSTS, queue: 'http://127.0.0.1:3000' };
		expect((await download('http://127.0.0.1:3001/a.mp4', hosts)).status).toBe(200);
	});
});

test('figures that can not be true are no figures', () => {
	for (const text of ['9'.repeat(400), '1e300', '-1', 'NaN', '1.'.padEnd(60, '1')]) {
		expect(billedUnits(text)).toBeUndefined();
	}
	expect(billedUnits('111.5136')?.toString()).toBe('111.5136');
});

test("a name that JavaScript's objects have is no key of a table", () => {
	for (const name of ['constructor', '__proto__', 'toString']) {
		const fault = { kind: 'response', doing: 'Asking', status: 503, errorType: name } as const;
		expect(nextStep(fault)).toBe(nextStep({ ...fault, errorType: 'unheard of' }));
		expect(nextStep({ ...fault, detail: [{ type: name }] })).not.toContain('function');
	}
});

test('reading hostile text takes no longer than its length asks for', () => {
	const long = 200_000;
	const hostile = ['1', ' ', '-', '.', 'a', '[', '"', '\\', '1.', '1e'].flatMap((piece) => [
		piece.repeat(long),
		`${piece.repeat(long)}x`,
	]);
	const startedAt = Date.now();
	for (const text of hostile) {
		for (const type of ['string', 'number', 'integer', 'boolean']) readAs(type, text);
		expect(JSON.stringify(readDetails(text)).length).toBeLessThan(10_000);
		expect(JSON.stringify(readDetails([{ msg: text, loc: text }]))).toBeDefined();
		expect(() => parseExact(`${text}x`)).toThrow();
	}
	expect(Date.now() - startedAt).toBeLessThan(5_000);
});
