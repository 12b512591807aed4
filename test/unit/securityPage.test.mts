import { existsSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { FAL_HOSTS } from '../../nodes/FalLtxVideo/fal/hosts';
import { backoffMs } from '../../nodes/FalLtxVideo/fal/http/backoff';
import { LargeTurn } from '../../nodes/FalLtxVideo/fal/http/largeTurn';
import { LIMITS } from '../../nodes/FalLtxVideo/fal/http/limits';
import type { FalHttp, HttpResponse, HttpCall } from '../../nodes/FalLtxVideo/fal/http/n8nHttp';
import { falQueue } from '../../nodes/FalLtxVideo/fal/queue/falQueue';
import { isRequestId } from '../../nodes/FalLtxVideo/fal/queue/requestId';
import { uploadFile } from '../../nodes/FalLtxVideo/fal/storage/uploadFile';
import { webhookKeys } from '../../nodes/FalLtxVideo/fal/webhooks/webhookKeys';
import { RequestLookUps } from '../../nodes/FalLtxVideoTrigger/requestLookUp';

/* SECURITY.md names hosts, limits and files. They are those of the code. */

const page = readFileSync('SECURITY.md', 'utf8');

/** The rows of all tables: the texts of their cells. */
const rows = page
	.split('\n')
	.filter((line) => line.startsWith('| '))
	.map((line) => line.split('|').map((cell) => cell.trim()))
	.map(([, ...cells]) => cells.slice(0, -1));

/** The limit in the row of the table that begins so. */
function limitOf(beginning: string): string {
	const found = rows.filter(([what]) => what?.startsWith(beginning));
	expect(found).toHaveLength(1);
	return found[0]![1]!;
}

const KIB = 1024;
const MIB = 1024 * KIB;
const count = (value: number) => value.toLocaleString('en-US');

/** Each limit of the code, with the row that it stands in and how it is written there. */
const LIMIT_ROWS: Record<keyof typeof LIMITS, [row: string, text: string]> = {
	answerBytes: ["A response of fal's APIs", `${LIMITS.answerBytes / MIB} MiB`],
	readWithinMs: ["A response of fal's APIs", `within ${LIMITS.readWithinMs / 1000} s`],
	resultWithFileBytes: ['A result with Sync Mode', `${LIMITS.resultWithFileBytes / MIB} MiB`],
	readFileWithinMs: ['A result with Sync Mode', `${LIMITS.readFileWithinMs / 60_000} minutes`],
	slowestBytesPerSecond: ['Its bytes', `${LIMITS.slowestBytesPerSecond / KIB} KiB/s`],
	pageBytes: ['A page of the list', `${LIMITS.pageBytes / MIB} MiB`],
	pages: ['Pages of one list', `${count(LIMITS.pages)} after the first`],
	eventBytes: ['A status stream', `${LIMITS.eventBytes / MIB} MiB for one event`],
	streamBytes: ['A status stream', `${LIMITS.streamBytes / MIB} MiB in all`],
	statusCharacters: ['A status of a request', `${LIMITS.statusCharacters} characters`],
	logLines: ["Lines of a model's log", `${count(LIMITS.logLines)} of`],
	logLineCharacters: ["Lines of a model's log", `${count(LIMITS.logLineCharacters)} characters`],
	depth: ['Lists and objects', `${LIMITS.depth} levels`],
	listBytes: ['Pages of one list', `${LIMITS.listBytes / MIB} MiB in all`],
	addressCharacters: ['Addresses of', `${count(LIMITS.addressCharacters)} characters`],
	cursorCharacters: ['Cursors of a list', `${count(LIMITS.cursorCharacters)} characters`],
	values: ['Values in one response', count(LIMITS.values)],
	redirects: ['Redirects of a file', String(LIMITS.redirects)],
	fileBytes: ['A file', `${LIMITS.fileBytes / (KIB * MIB)} GiB`],
	mediaPartBytes: ['A part of a media file', `${LIMITS.mediaPartBytes / MIB} MiB`],
	mediaParts: ['A part of a media file', `${count(LIMITS.mediaParts)} of them`],
};

test.each(Object.entries(LIMIT_ROWS))('the limit %s is as in the code', (_name, [row, text]) => {
	expect(limitOf(row)).toMatch(new RegExp(`(^|\\D)${text}$|(^|\\D)${text}\\D`));
});

const numbersIn = (text: string) =>
	[...text.replaceAll(',', '').matchAll(/\d+/g)].map(([digits]) => Number(digits));

test('the longest request ID', () => {
	const [shortest, longest] = numbersIn(limitOf('Request IDs'));
	const areTaken = [shortest! - 1, shortest!, longest!, longest! + 1].map((length) =>
		isRequestId('a'.repeat(length)),
	);
	expect(areTaken).toEqual([false, true, true, false]);
});

test('how many large responses are in memory at once', () => {
	const row = `Of all responses above ${LIMITS.answerBytes / MIB} MiB`;
	const [inNode, inTrigger] = numbersIn(limitOf(row));
	expect(limitOf(`Its bytes, once it has taken ${LIMITS.readWithinMs / 1000} s`)).toBeDefined();
	expect(limitOf('What is in it beside the file')).toBe(`${LIMITS.answerBytes / MIB} MiB`);
	const { signal } = new AbortController();
	const turns = Array.from({ length: 5 }, () => new LargeTurn());
	const held = turns.filter((turn) => turn.takeIfFree(signal));
	turns.forEach((turn) => turn.leave());
	// The trigger has a copy of the same code.
	expect([inNode, inTrigger]).toEqual([held.length, held.length]);
});

test('the longest wait that fal may ask for', () => {
	const [seconds] = numbersIn(limitOf('A wait that fal asks for'));
	const pace = { firstMs: 1, factor: 1, longestMs: 1 };
	expect(backoffMs(pace, 0, 3600)).toBe(seconds! * 1000);
});

/** Answers each call with these bytes, and takes the calls down. */
function answering(bodies: string[]): FalHttp & { calls: HttpCall[] } {
	const calls: HttpCall[] = [];
	const answer = async (call: HttpCall): Promise<HttpResponse> => {
		const body = Readable.from([Buffer.from(bodies[calls.length] ?? bodies.at(-1)!)]);
		calls.push(call);
		return await Promise.resolve({
			...{ status: 200, headers: { etag: '"1"' } },
			...{ body, close: () => void body.destroy() },
		});
	};
	return { calls, withKey: answer, withoutKey: answer };
}

test('how long a submit may be without an answer', async () => {
	const [, seconds] = numbersIn(limitOf('A response that has not begun'));
	const http = answering(['{"request_id":"r1"}']);
	await falQueue(http, FAL_HOSTS).submit(
		'fal-ai/x',
		{},
		{ priority: 'normal', keepPayload: true, serverRetries: true },
	);
	expect(http.calls.map(({ responseWithinMs }) => responseWithinMs)).toEqual([seconds! * 1000]);
});

test.each([0, 1])("of fal's public keys no more is read: %d bytes above", async (above) => {
	const [kib] = numbersIn(limitOf("fal's public keys"));
	const keys = JSON.stringify({ keys: [{ x: 'a'.repeat(43) }] }).padEnd(kib! * KIB + above);
	const hosts = { ...FAL_HOSTS, rest: `https://rest-${above}.example.com` };
	const reading = webhookKeys(answering([keys]), hosts).current();
	if (above === 0) expect(await reading).toHaveLength(1);
	else await expect(reading).rejects.toMatchObject({ fault: { kind: 'unreadable' } });
});

test.each([0, 1])('nor of a response to an upload: %d bytes above', async (above) => {
	const [kib] = numbersIn(limitOf('A response to an upload'));
	const place = { upload_url: 'https://up.example.com/a', file_url: 'https://v3.fal.media/a' };
	const http = answering([JSON.stringify(place), ' '.repeat(kib! * KIB + above)]);
	const bytes = Buffer.from('lora');
	const file = {
		...{ size: bytes.length, sha256: '', head: bytes },
		open: async () => await Promise.resolve(bytes),
	};
	// Another try would wait; the end of the first one is what is asked for.
	const abort = new AbortController();
	const withoutKey = async (call: HttpCall) => {
		const answer = await http.withoutKey(call);
		return { ...answer, close: () => (above === 0 ? answer.close() : abort.abort('too large')) };
	};
	const storage = { http: { ...http, withoutKey }, hosts: FAL_HOSTS };
	const upload = { file, name: 'a.safetensors', contentType: 'application/octet-stream' };
	const uploading = uploadFile(storage, upload, abort.signal);
	if (above === 0) expect(await uploading).toBe(place.file_url);
	else await expect(uploading).rejects.toBe('too large');
});

test('how many look-ups of a trigger may find nothing in a minute', async () => {
	const [, perMinute] = /(\d+) look-ups a minute/.exec(page)!;
	const lookUps = new RequestLookUps(() => 0);
	const found: string[] = [];
	for (let i = 0; i <= Number(perMinute); i++) {
		found.push(await lookUps.ownership(`r${i}`, async () => await Promise.resolve(false)));
	}
	expect(found.filter((ownership) => ownership === 'foreign')).toHaveLength(Number(perMinute));
	expect(found.at(-1)).toBe('not asked');
});

test('the key goes to the three hosts of fal and to no other', () => {
	const withKey = rows.filter(([, key]) => key === 'yes').map(([host]) => host);
	const hosts = Object.values(FAL_HOSTS).map((url: string) => `\`${new URL(url).hostname}\``);
	expect(new Set(withKey)).toEqual(new Set(hosts));
});

const FOLDER = 'nodes/FalLtxVideo/';

const files = [...page.matchAll(/`([\w/]+(?:\.ts|\/))`/g)]
	.map(([, file]) => file!)
	.filter((file) => file !== FOLDER);

test('names files of the code', () => expect(files.length).toBeGreaterThan(10));

test.each([...new Set(files)])('%s is there', (file) => {
	expect(existsSync(FOLDER + file)).toBe(true);
});
