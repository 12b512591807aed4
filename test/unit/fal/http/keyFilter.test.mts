import { KeyFilter } from '../../../../nodes/FalLtxVideo/fal/http/keyFilter';

const SECRET = '4e5f6a7b8c9d0e1f4e5f6a7b8c9d0e1f';
const KEY = `0a1b2c3d-0000-4000-8000-000000000000:${SECRET}`;

const filter = new KeyFilter(` "Key ${KEY}"\n`);

async function* pieces(text: string, size: number) {
	const bytes = Buffer.from(text);
	for (let at = 0; at < bytes.length; at += size) {
		yield await Promise.resolve(bytes.subarray(at, at + size));
	}
}

async function cut(source: AsyncIterable<Uint8Array>, by = filter): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of by.bytes(source)) chunks.push(chunk);
	return Buffer.concat(chunks).toString();
}

const CASES: Array<[string, string]> = [
	[`{"a":"Key ${KEY}","b":"${SECRET}"}`, '{"a":"Key …","b":"…"}'],
	[`${KEY}${KEY}${SECRET}`, '………'],
	[`0a1b2c3d-${KEY}`, '0a1b2c3d-…'],
	[`4e5f${SECRET}`, '4e5f…'],
	[KEY.slice(0, -1), KEY.slice(0, -1)],
	['ü: no key', 'ü: no key'],
];

test.each(CASES)('%s', (text, expected) => {
	expect(filter.text(text)).toBe(expected);
});

test.each(CASES)('%s, in pieces of any size', async (text, expected) => {
	for (let size = 1; size <= text.length; size++) {
		expect(await cut(pieces(text, size))).toBe(expected);
	}
});

test('what is no start of a key is handed on at once', async () => {
	const source = (async function* () {
		yield await Promise.resolve(Buffer.from('data: 1\n\n'));
		await new Promise(() => undefined);
	})();
	const first = await filter.bytes(source)[Symbol.asyncIterator]().next();
	expect(Buffer.from(first.value as Uint8Array).toString()).toBe('data: 1\n\n');
});

test.each(['', undefined, '  '])('without a key (%j) all comes through', async (apiKey) => {
	const none = new KeyFilter(apiKey);
	expect(none.text('a text')).toBe('a text');
	expect(await cut(pieces('a text', 2), none)).toBe('a text');
});

test('of a key with a secret too short to distinguish from other text, the whole is cut', () => {
	expect(new KeyFilter('some-id:abc').text('some-id:abc, abc')).toBe('…, abc');
});

test.each(['0', KEY.slice(0, -1), SECRET.slice(0, 31), KEY])(
	'4 MB of %s take linear time',
	async (piece) => {
		const text = piece.repeat(4_000_000 / piece.length);
		const started = performance.now();
		filter.text(text);
		await cut(pieces(text, 1_000));
		// Quadratic time would be hours.
		expect(performance.now() - started).toBeLessThan(3_000);
	},
);

test('who drips the key keeps no reader from its time limit', async () => {
	let [sent, handedOn] = [0, 0];
	async function* drip() {
		for (const byte of Buffer.from(KEY.slice(0, -1))) {
			sent++;
			yield await Promise.resolve(Buffer.of(byte));
		}
	}
	const pieces = filter.bytes(drip());
	while (handedOn < 3 && !(await pieces.next()).done) handedOn++;
	expect(sent).toBe(3);
});
