import { unlessSilent } from '../../../nodes/FalLtxVideo/fal/silence';

const bytes = (text: string) => new TextEncoder().encode(text);

async function read(source: AsyncIterable<Uint8Array>): Promise<string> {
	let text = '';
	for await (const chunk of unlessSilent(source, 50)) text += new TextDecoder().decode(chunk);
	return text;
}

test('a source that ends is passed on whole', async () => {
	async function* source() {
		yield bytes('one ');
		yield bytes('two');
	}
	expect(await read(source())).toBe('one two');
});

test('a source that falls silent is given up', async () => {
	async function* source() {
		yield bytes('one');
		await new Promise(() => undefined);
	}
	await expect(read(source())).rejects.toMatchObject({
		name: 'FalError',
		fault: { kind: 'network', reason: 'silent for 0.05 s' },
	});
});

test("a source's own failure is passed on", async () => {
	async function* source() {
		yield bytes('one');
		throw new Error('reset');
	}
	await expect(read(source())).rejects.toThrow('reset');
});
