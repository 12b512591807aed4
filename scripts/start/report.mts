import type { Item } from '../n8n/execution.mts';
import type { Owner } from '../n8n/rest.mts';
import { duration } from '../terminal/steps.mts';
import type { VideoFacts } from '../video/ffprobe.mts';
import type { Fal } from './fal.mts';

/** At the least. */
const NAME_WIDTH = 11;

/** A heading with its lines of names and values. */
function section(heading: string, rows: ReadonlyArray<readonly [string, string]>): string {
	const width = Math.max(NAME_WIDTH, ...rows.map(([name]) => name.length + 2));
	const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`);
	return ['', heading, ...lines].join('\n');
}

function codecs({ videoCodec, audioCodec }: VideoFacts): string {
	return [videoCodec, audioCodec ?? 'no sound'].join(' + ');
}

function money(cost: Record<string, unknown>): string {
	const currency = String(cost['currency'] ?? '');
	const amount = (value: unknown) =>
		value === undefined || value === null ? 'not known' : `${String(value)} ${currency}`.trimEnd();
	return `${amount(cost['estimated'])} estimated, ${amount(cost['actual'])} billed`;
}

/** What a person wants to know of a finished video. */
export interface FinishedVideo {
	file: string;
	facts: VideoFacts;
	/** What the node gave. */
	json: Item['json'];
	/** Whether fal.ai made it; the local fal bills nothing. */
	paid: boolean;
	runMs: number;
	totalMs: number;
}

/** Describes the video: the file as ffprobe reads it, and the node's item. */
export function videoReport({ file, facts, json, paid, runMs, totalMs }: FinishedVideo): string {
	const free = paid ? '' : ' (by the local fal: nothing was spent)';
	return section('The video', [
		['file', file],
		['container', `${facts.container} (${codecs(facts)})`],
		['size', `${facts.width} × ${facts.height}`],
		['frames', `${facts.frames} at ${facts.fps} per second`],
		['duration', `${facts.durationSeconds.toFixed(2)} s`],
		['seed', String(json['seed'])],
		['cost', money((json['cost'] ?? {}) as Record<string, unknown>) + free],
		['time', `${duration(runMs)} in n8n, ${duration(totalMs)} in all`],
	]);
}

/** Describes how to get into the editor. */
export function editorReport(address: string, { email, password }: Owner): string {
	return section('The editor', [
		['address', address],
		['e-mail', email],
		['password', password],
	]);
}

/** Describes what to enter in another credential for the local fal; nothing for a key of fal.ai. */
export function credentialReport({ name, credential }: Fal): string {
	const { apiKey, customHosts, queueUrl, restUrl, platformUrl } = credential;
	if (customHosts !== true) return '';
	return section(`The credential of the ${name}, to be entered with Use Custom Hosts turned on`, [
		['API Key', String(apiKey)],
		['Queue URL', String(queueUrl)],
		['REST URL', String(restUrl)],
		['Platform URL', String(platformUrl)],
	]);
}
