import { jsonOf, type LiveFal } from '../liveFal.mts';
import { works, type Observation, type Question } from '../question.mts';

/** Where the first video is; files are served to anybody, so no key is sent. */
async function urlOf(fal: LiveFal): Promise<string> {
	const { result, error } = await fal.plain();
	const { url } = (jsonOf(result)['video'] ?? {}) as { url?: unknown };
	if (typeof url === 'string') return url;
	throw new Error(error ?? 'there is no video');
}

/** Its bytes, unpacked by nobody. */
const IDENTITY = { 'accept-encoding': 'identity' };

async function askRange(fal: LiveFal): Promise<Observation> {
	const headers = { ...IDENTITY, range: 'bytes=100-' };
	const { status, headers: got, body } = await fal.fetch(await urlOf(fal), { headers });
	const range = got['content-range'] ?? 'no Content-Range';
	const saw = `${status}, ${range}, ${body.length} bytes`;
	if (status === 200) return { reading: 'whole', saw };
	const isRest = status === 206 && range.startsWith('bytes 100-');
	return { reading: isRest ? 'range' : `HTTP ${status}`, saw };
}

async function askValidators(fal: LiveFal): Promise<Observation> {
	const { headers } = await fal.fetch(await urlOf(fal), { headers: IDENTITY });
	const { etag, 'last-modified': modified } = headers;
	const saw = `ETag ${etag ?? 'none'}, Last-Modified ${modified ?? 'none'}`;
	if (etag === undefined) return { reading: modified === undefined ? 'none' : 'date', saw };
	return { reading: etag.startsWith('W/') ? 'weak' : 'strong', saw };
}

async function askEncoding(fal: LiveFal): Promise<Observation> {
	const { headers, body } = await fal.fetch(await urlOf(fal), { headers: IDENTITY });
	const { 'content-length': length, 'content-type': type = 'no type' } = headers;
	const saw = `${type}, a length of ${length ?? 'nothing'} for ${body.length} bytes`;
	if (length === undefined) return { reading: 'no length', saw };
	// n8n unpacks a file, removes the header that says so, and leaves the packed length.
	return { reading: Number(length) === body.length ? 'as it is' : 'packed', saw };
}

async function askHead(fal: LiveFal): Promise<Observation> {
	const url = await urlOf(fal);
	const { status, headers } = await fal.fetch(url, { method: 'HEAD', headers: IDENTITY });
	const length = headers['content-length'];
	const saw = `${status}, ${length ?? 'no'} bytes`;
	if (status !== 200) return { reading: 'refused', saw };
	return { reading: length === undefined ? 'no length' : 'length', saw };
}

/** What serves the videos. */
export const fileQuestions: Question[] = [
	{
		id: 'file-range',
		asks: 'Does the file server give the rest of a file?',
		readings: [
			works('range', '206 with the rest: a download that broke is resumed.'),
			works('whole', '200 with all of it: a download that broke is started again.'),
		],
		needs: ['plain'],
		ask: askRange,
	},
	{
		id: 'file-validators',
		asks: 'What tells one version of a file from another?',
		readings: [
			works('strong', 'A strong ETag: downloads are resumed.'),
			works('weak', 'A weak ETag only, which no range may count on.'),
			works('date', 'A date only.'),
			works('none', 'Nothing: a download that broke is started again.'),
		],
		needs: ['plain'],
		ask: askValidators,
	},
	{
		id: 'file-encoding',
		asks: 'Is a file served as it is when nothing else is asked for?',
		readings: [
			works('as it is', 'As it is, with its length.'),
			works('packed', 'Packed: n8n unpacks it, and a download that broke is started again.'),
			works('no length', 'Without its length.'),
		],
		needs: ['plain'],
		ask: askEncoding,
	},
	{
		id: 'file-head',
		asks: 'Does the file server answer HEAD?',
		readings: [
			works('length', 'With the length of the file.'),
			works('no length', 'Without a length. The node never asks.'),
			works('refused', 'It does not. The node never asks.'),
		],
		needs: ['plain'],
		ask: askHead,
	},
];
