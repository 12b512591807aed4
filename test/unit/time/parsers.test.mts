import { readDetails } from '../../../nodes/FalLtxVideo/fal/errors/errorDetails';
import { parseExact } from '../../../nodes/FalLtxVideo/fal/http/exactJson';
import { isDataUri } from '../../../nodes/FalLtxVideo/fal/download/dataUri';
import {
	describeFile,
	extensionOfBytes,
	saidExtension,
} from '../../../nodes/FalLtxVideo/fal/download/fileName';
import { explain } from '../../../nodes/FalLtxVideo/fal/errors/explain';
import { FAL_HOSTS, hostsOf } from '../../../nodes/FalLtxVideo/fal/hosts';
import { masked, maskedLink } from '../../../nodes/FalLtxVideo/fal/mask';
import { isRequestId } from '../../../nodes/FalLtxVideo/fal/queue/requestId';
import { asHtml, withoutTags } from '../../../nodes/FalLtxVideo/output/htmlText';
import { readRequestId } from '../../../nodes/FalLtxVideo/parameters/reading/readRequestId';
import { readTime } from '../../../nodes/FalLtxVideo/parameters/reading/values/readTime';
import { otherThan } from '../../../nodes/FalLtxVideo/files/media/mediaKind';
import {
	checkFileName,
	resolveLoraLink,
} from '../../../nodes/FalLtxVideo/parameters/links/loraLink';
import { resolveMediaLink } from '../../../nodes/FalLtxVideo/parameters/links/mediaLink';
import { otherContent } from '../../../nodes/FalLtxVideo/files/safetensors';
import { readAs } from '../../../nodes/FalLtxVideo/parameters/reading/values/readAs';
import { imageToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/imageToVideo';
import type { Task } from '../../../nodes/FalLtxVideo/endpoints/tasks/Task';
import { textToVideo } from '../../../nodes/FalLtxVideo/endpoints/tasks/textToVideo';
import { withoutBlankEnds } from '../../../nodes/FalLtxVideo/endpoints/visibleText';
import { taskName } from '../../../nodes/FalLtxVideo/parameters/fields/taskName';
import { videoFields } from '../../../nodes/FalLtxVideo/parameters/fields/videoFields';
import { apiName, parameterName } from '../../../nodes/FalLtxVideo/parameters/parameterNames';
import {
	type InputContext,
	readInput,
} from '../../../nodes/FalLtxVideo/parameters/reading/input/readInput';
import { GENERAL } from './attacks.mts';
import { slowness, type TextOfSize } from './linear.mts';

/* Whatever reads a text from outside takes linear time for any text. */

const ISO = '2026-01-31T12:00:00';

/** Hostile to one of them more than to the others. */
const SPECIAL: Array<[string, TextOfSize]> = [
	['digits, then a letter', (size) => `${'1'.repeat(size)}a`],
	['lists within lists', (size) => '['.repeat(size / 2) + ']'.repeat(size / 2)],
	['objects within objects', (size) => `${'{"a":'.repeat(size / 6)}1${'}'.repeat(size / 6)}`],
	['long numbers', (size) => `[${'12345678901234567890,'.repeat(size / 21)}1]`],
	['a text of escapes', (size) => `"${'\\"'.repeat(size / 2)}"`],
	['a text that does not end', (size) => `"data:${'a'.repeat(size)}`],
	['texts of a file', (size) => `[${'"data:a",'.repeat(size / 9)}1]`],
	['a link to a page', (size) => `https://civitai.com/models/1?${'&a=1'.repeat(size / 4)}`],
	['links', (size) => 'https://a/ '.repeat(size / 11)],
	['names of repositories', (size) => 'a/b,'.repeat(size / 4)],
	['a link of a repository', (size) => `https://huggingface.co/${'a/'.repeat(size / 2)}`],
	['a link of a request', (size) => `https://queue.fal.run/${'a/'.repeat(size / 2)}requests/`],
	['a fraction', (size) => `${ISO}.${'1'.repeat(size)}`],
	['a time with much behind it', (size) => `Sat, ${' GMT'.repeat(size / 4)}!`],
	['a data URI', (size) => `data:${';a'.repeat(size / 2)}`],
];

const quietly =
	(read: (text: string) => unknown) =>
	(text: string): void => {
		try {
			read(text);
		} catch {
			// A refusal is a response too.
		}
	};

/** A node's parameters; whatever is not named has the text as its value. */
const contextOf = (parameters: Record<string, unknown>, text: string) =>
	({
		getNodeParameter: (name: string) =>
			name in parameters ? parameters[name] : name === 'model' ? 'full' : text,
		getInputData: () => [{ binary: { [text]: {} } }],
		helpers: {},
	}) as unknown as InputContext;

const READERS: Record<string, (text: string) => unknown> = {
	parseExact,
	'parseExact of a list': (text) =>
		parseExact(JSON.stringify([text, 12345678901234567890n.toString()])),
	readDetails: (text) => readDetails([text, { loc: [text], msg: text, type: text, ctx: text }]),
	explain: (text) =>
		explain({ doing: 'x', kind: 'response', status: 422, detail: [{ loc: [text], msg: text }] }),
	masked,
	maskedLink,
	asHtml,
	withoutTags,
	describeFile: (text) =>
		describeFile(
			{ url: 'https://x.example/', file_name: text },
			{ fallbackName: text, fileName: text },
			'mp4',
		),
	'saidExtension of an address': (text) => saidExtension({ url: `https://x.example/${text}` }),
	'saidExtension of a data URI': (text) => saidExtension({ url: `data:${text}` }),
	extensionOfBytes: (text) => extensionOfBytes(Buffer.from(text)),
	isDataUri,
	hostsOf: (text) => hostsOf({ customHosts: true, queueUrl: `${FAL_HOSTS.queue}${text}` }),
	isRequestId,
	readRequestId: (text) => readRequestId({ getNodeParameter: () => text }, 0),
	readTime: (text) => readTime({ evaluateExpression: () => 0 }, text, 0),
	resolveLoraLink: (text) => resolveLoraLink(text, true),
	...Object.fromEntries(
		[
			'huggingface.co/',
			'huggingface.co/o/r/blob/',
			'civitai.com/models/1?modelVersionId=1&',
			'github.com/o/r/blob/',
			'gitlab.com/',
			'drive.google.com/open?',
			'www.dropbox.com/scl/fi/1?',
			'example.com/',
		].map((start) => [
			`resolveLoraLink of ${start}`,
			(text: string) => resolveLoraLink(`https://${start}${text}`, true),
		]),
	),
	resolveMediaLink: (text) => resolveMediaLink('image', text, true),
	'resolveMediaLink of a link': (text) => resolveMediaLink('video', `https://${text}`, true),
	'resolveMediaLink of a data URI': (text) => resolveMediaLink('audio', `data:${text}`, true),
	checkFileName,
	otherContent: (text) => otherContent({ head: Buffer.from(text), size: text.length }),
	'otherThan an image': (text) =>
		otherThan('image', { head: Buffer.from(text), size: text.length }),
	'readAs number': (text) => readAs('number', text),
	'readAs integer': (text) => readAs('integer', text),
	'readAs boolean': (text) => readAs('boolean', text),
	'readAs string': (text) => readAs('string', text),
	withoutBlankEnds,
	taskName: (text) => taskName({ name: text } as Task),
	'names of parameters': (text) => parameterName(apiName(text)),
	'readInput of a file': (text) =>
		readInput(
			contextOf({ imageSource: 'link', imageUrl: text, endImageSource: 'binary' }, text),
			0,
			imageToVideo,
			videoFields(imageToVideo),
			true,
		),
	'readInput of settings': (text) =>
		readInput(
			contextOf(
				{ generation: { [text]: text, fps: text }, guidance: text, model: 'distilled' },
				text,
			),
			0,
			textToVideo,
			videoFields(textToVideo),
			true,
		),
	'readInput of a length': (text) =>
		readInput(
			contextOf({ durationSeconds: text, videoSize: text, prompt: text }, text),
			0,
			textToVideo,
			videoFields(textToVideo),
			true,
		),
};

test.each(Object.entries(READERS))('%s takes linear time', (_name, read) => {
	for (const [attack, textOfSize] of [...SPECIAL, ...GENERAL]) {
		expect({ attack, slow: slowness(quietly(read), textOfSize) }).toEqual({
			attack,
			slow: undefined,
		});
	}
});
