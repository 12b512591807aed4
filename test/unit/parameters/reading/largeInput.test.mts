import { imageToVideo } from '../../../../nodes/FalLtxVideo/endpoints/tasks/imageToVideo';
import type { Task } from '../../../../nodes/FalLtxVideo/endpoints/tasks/Task';
import { textToVideo } from '../../../../nodes/FalLtxVideo/endpoints/tasks/textToVideo';
import { videoFields } from '../../../../nodes/FalLtxVideo/parameters/fields/videoFields';
import { readInput } from '../../../../nodes/FalLtxVideo/parameters/reading/input/readInput';
import { readRequestId } from '../../../../nodes/FalLtxVideo/parameters/reading/readRequestId';

/*
 * n8n's webhooks take 16 MiB, and expressions hand them on to any field. Rule: such a value is refused
 * before much is done with it, as all of n8n waits meanwhile.
 */

const BYTES = 16 * 1024 * 1024;

/** Processor's time; each of these took several seconds, or many. */
const LIMIT_MS = 4_000;

const rows = (row: object | null) => Array(BYTES / 8).fill(row) as unknown[];
const long = (piece: string) => piece.repeat(BYTES / piece.length);

const parametersWith = (changes: Record<string, unknown>): Record<string, unknown> => ({
	...{ prompt: 'a fox', model: 'distilled', videoSize: 'square', durationSeconds: 5 },
	endImageSource: 'none',
	'loras.lora': [{ path: 'owner/repo' }],
	...changes,
});

const reading =
	(changes: Record<string, unknown>, task: Task = textToVideo) =>
	() => {
		const parameters = parametersWith(changes);
		const context = {
			getNodeParameter: (name: string) => parameters[name] ?? null,
			getInputData: () => [{}],
			helpers: {},
		};
		return readInput(context as never, 0, task, videoFields(task), true);
	};

test.each<[string, () => unknown, string]>([
	['empty rows of LoRAs', reading({ 'loras.lora': rows({}) }), 'at most 100 rows'],
	['rows that are null', reading({ 'loras.lora': rows(null) }), 'at most 100 rows'],
	[
		'rows with a page for a link',
		reading({ 'loras.lora': rows({ path: 'https://civitai.com/models/1', scale: 9 }) }),
		'at most 100 rows',
	],
	[
		'a link without an end',
		reading({ 'loras.lora': [{ path: `https://x.example/${long('a?b=c ')}` }] }),
		'at most 8000 characters',
	],
	['a number of many words', reading({ generation: { numFrames: long('a b ') } }), '"a b a b'],
	['a duration of many words', reading({ durationSeconds: long('a b ') }), '"a b a b'],
	['a model of many words', reading({ model: long('a b ') }), '"a b a b'],
	['settings of no task', reading({ generation: { [long('a b ')]: 1 } }), 'no such setting'],
	[
		'many settings of no task',
		reading({ generation: Object.fromEntries(rows({}).map((_row, n) => [`a${n}`, n])) }),
		'no such setting',
	],
	[
		'a link of a file without an end',
		reading({ imageSource: 'link', imageUrl: long('a?b=c ') }, imageToVideo),
		'at most 8000 characters',
	],
	[
		'a name of a binary field without an end',
		reading({ imageSource: 'binary', imageBinaryPropertyName: long('a b ') }, imageToVideo),
		'a binary field of the item',
	],
	[
		'a source of many words',
		reading({ imageSource: long('a b ') }, imageToVideo),
		'one of link, binary',
	],
	['a size of many words', reading({ videoSize: long('a b ') }), '"a b a b'],
	[
		'a request ID of many words',
		() => readRequestId({ getNodeParameter: () => long('a b ') }, 0),
		'"a b a b',
	],
])('%s: refused at once, in few words', (_what, read, words) => {
	const start = process.cpuUsage();
	let message = '';
	try {
		read();
	} catch (error) {
		({ message } = error as Error);
	}
	const { user, system } = process.cpuUsage(start);
	// A message of 100 MB is not printed.
	expect({ message: message.slice(0, 200), isThere: message.includes(words) }).toMatchObject({
		isThere: true,
	});
	expect(message.length).toBeLessThan(50_000);
	expect((user + system) / 1000).toBeLessThan(LIMIT_MS);
});

test('a file inside its link is accepted', () => {
	const imageUrl = `data:image/png;base64,${'A'.repeat(BYTES)}`;
	const { input } = reading({ imageSource: 'link', imageUrl }, imageToVideo)();
	expect(input['image_url'] === imageUrl).toBe(true);
});

test('100 rows are accepted', () => {
	const row = { path: 'owner/repo' };
	const { input } = reading({ 'loras.lora': Array(100).fill(row) })();
	expect(input.loras).toHaveLength(100);
});
