import { readRequestId } from '../../../../nodes/FalLtxVideo/parameters/reading/readRequestId';

const ID = '764cabcf-b745-4b3e-ae38-1200304cf45b';

const read = (requestId: unknown) => readRequestId({ getNodeParameter: () => requestId }, 0);

test.each([
	ID,
	` ${ID}\n`,
	`\u200b${ID}\u00a0`,
	`https://queue.fal.run/fal-ai/ltx-2.3-22b/requests/${ID}`,
	`https://queue.fal.run/fal-ai/ltx-2.3-22b/requests/${ID}/status?logs=1`,
	`https://queue.fal.run/fal-ai/ltx-2.3-22b/requests/${ID}/status/stream`,
	`https://queue.fal.run/fal-ai/ltx-2.3-22b/requests/${ID}/cancel`,
	`https://queue.fal.run/fal-ai/ltx-2.3-22b/requests/${ID}/`,
	`https://fal.run/fal-ai/ltx-2.3-22b/distilled/text-to-video/lora/requests/${ID}`,
])('%j is taken for its ID', (given) => {
	expect(read(given)).toBe(ID);
});

test.each([
	['', 'is empty,'],
	['\u00a0\u200b', 'is empty,'],
	[null, 'is empty,'],
	[{ id: ID }, `is {"id":"${ID}"},`],
	[true, 'is true,'],
	['../../other/app', 'is "../../other/app",'],
	[`https://evil.example/a/requests/${ID}`, 'evil.example'],
	[`https://queue.fal.run.evil.example/a/requests/${ID}`, 'evil.example'],
	[`https://queue.fal.run/a/requests/${ID}/../../x`, '/../../x'],
	[`https://queue.fal.run/a/requests/..%2f..%2fx`, '..%2f'],
	[`requests/${ID}`, `"requests/${ID}"`],
	[`${ID}?token=SECRET`, `"${ID}?…"`],
])('%j is refused', (given, words) => {
	expect(() => read(given)).toThrow(words);
	expect(() => read(given)).not.toThrow('SECRET');
});
