import { setTimeout as wait } from 'node:timers/promises';

import { stringifyExact, type JsonValue } from './json.mts';
import type { HttpResponse, Exchange } from './listener.mts';

/** The connection is closed without a byte; of what was asked nothing is done. */
export interface Refuse {
	kind: 'refuse';
}

/** The connection is reset (RST); of what was asked nothing is done. */
export interface ResetBefore {
	kind: 'resetBefore';
}

/** What was asked is done (a submitted job exists), then the connection is reset. */
export interface ResetAfter {
	kind: 'resetAfter';
}

/** Another response than the true one. */
export interface StatusFault {
	kind: 'status';
	status: number;
	/** JSON body. */
	json?: JsonValue;
	/** HTML body instead, as gateways send. */
	html?: string;
	headers?: Record<string, string>;
	/** Whether what was asked is done all the same; else the variant `lostSubmitAccepted` says it. */
	accepted?: boolean;
}

/** What was asked is done; status and headers are the true ones, the JSON ends in its middle. */
export interface TruncatedJson {
	kind: 'truncatedJson';
}

/** No response ever, until the client or the emulator closes. */
export interface Hang {
	kind: 'hang';
	/** Whether what was asked is done all the same; else the variant `lostSubmitAccepted` says it. */
	accepted?: boolean;
}

/** The true response, begun later. */
export interface Slow {
	kind: 'slow';
	milliseconds: number;
}

/** Sends the client to another host, which records a violation when it is shown a key. */
export interface Redirect {
	kind: 'redirect';
	/** Default 302. */
	status?: 301 | 302 | 303 | 307 | 308;
}

/** Faults that any call can have. */
export type CallFault =
	| Refuse
	| ResetBefore
	| ResetAfter
	| StatusFault
	| TruncatedJson
	| Hang
	| Slow
	| Redirect;

/** The status stream ends properly after some events, before COMPLETED. */
export interface CutStream {
	kind: 'cutStream';
	afterEvents: number;
}

/** The status stream stays open after some events; nothing more comes, no comment either. */
export interface SilentStream {
	kind: 'silentStream';
	afterEvents: number;
}

/** The status stream begins with an event with an unknown name and status, then is itself. */
export interface UnknownEvent {
	kind: 'unknownEvent';
}

/** Faults of the status stream alone. */
export type StreamFault = CutStream | SilentStream | UnknownEvent;

/** The connection breaks after some bytes of the response's body; its headers promised more. */
export interface CutDownload {
	kind: 'cutDownload';
	afterBytes: number;
}

/** From this call on the file has other bytes of the same length, and another ETag. */
export interface ChangedFile {
	kind: 'changedFile';
}

/** The response has no length, and its end is that of the connection: after some bytes, or all. */
export interface NoLength {
	kind: 'noLength';
	afterBytes?: number;
}

/** A good response without a byte. */
export interface EmptyFile {
	kind: 'emptyFile';
}

/** The response to a range has bytes of another version of the file, under the ETag that is named. */
export interface OtherVersion {
	kind: 'otherVersion';
	etag: 'other' | 'none';
}

/** The response to a range is as if the file had another size. */
export interface OtherTotal {
	kind: 'otherTotal';
}

/** The file is packed on its way although the client did not ask for it; the length is that of the packed bytes. */
export interface EncodedDownload {
	kind: 'encoded';
	encoding: 'gzip' | 'br';
	/** Number of packed bytes after which the connection breaks. */
	afterBytes?: number;
}

/** Faults of a download alone. */
export type DownloadFault =
	| CutDownload
	| ChangedFile
	| NoLength
	| EmptyFile
	| OtherVersion
	| OtherTotal
	| EncodedDownload;

const DOWNLOAD_FAULTS: ReadonlySet<string> = new Set<DownloadFault['kind']>([
	'cutDownload',
	'changedFile',
	'noLength',
	'emptyFile',
	'otherVersion',
	'otherTotal',
	'encoded',
]);

/** Whether a fault is one that only a download can have. */
export function isDownloadFault(fault: CallFault | DownloadFault | null): fault is DownloadFault {
	return fault !== null && DOWNLOAD_FAULTS.has(fault.kind);
}

/** This delivery is not made, nor any further one. */
export interface LostWebhook {
	kind: 'lost';
}

/** The same delivery is made twice. */
export interface DuplicateWebhook {
	kind: 'duplicate';
}

/** The delivery is signed with a key that is not fal's. */
export interface WrongKeyWebhook {
	kind: 'wrongKey';
}

/** The delivery is signed properly, but for a time long past. */
export interface StaleWebhook {
	kind: 'stale';
	secondsAgo: number;
}

/** The body is changed after it was signed. */
export interface AlteredWebhook {
	kind: 'altered';
}

/** The signature's headers are missing. */
export interface UnsignedWebhook {
	kind: 'unsigned';
}

/** The payload is null with a `payload_error`, status OK. */
export interface PayloadErrorWebhook {
	kind: 'payloadError';
}

/** Faults of one delivery of a webhook. */
export type WebhookFault =
	| LostWebhook
	| DuplicateWebhook
	| WrongKeyWebhook
	| StaleWebhook
	| AlteredWebhook
	| UnsignedWebhook
	| PayloadErrorWebhook;

/** Any fault. */
export type Fault = CallFault | StreamFault | DownloadFault | WebhookFault;

/** Whether what was asked is done although the call has this fault. */
export function isAccepted(fault: CallFault | null, lostCallAccepted: boolean): boolean {
	switch (fault?.kind) {
		case 'refuse':
		case 'resetBefore':
		case 'redirect':
			return false;
		case 'status':
		case 'hang':
			return fault.accepted ?? lostCallAccepted;
		default:
			return true;
	}
}

/** What playing a fault needs of its surroundings. */
export interface FaultStage {
	/** Default of `accepted`. */
	lostCallAccepted: boolean;
	/** Origin of somebody else's host. */
	foreignOrigin(): Promise<string>;
	/** Ends every wait when the emulator closes. */
	life: AbortSignal;
}

/** A response that is written bit by bit, as a stream or a file is. */
export type Write = () => Promise<void>;

/** Does what was asked, and gives the response. */
export type Act = () => Promise<HttpResponse> | HttpResponse | Write;

function statusResponse({ status, json, html, headers }: StatusFault): HttpResponse {
	const [type, body] =
		html === undefined
			? ['application/json', stringifyExact(json ?? { detail: `Scripted ${status}` })]
			: ['text/html', html];
	return { status, headers: { 'content-type': type, ...headers }, body };
}

async function redirect(exchange: Exchange, { status = 302 }: Redirect, stage: FaultStage) {
	const location = (await stage.foreignOrigin()) + exchange.call.path;
	await exchange.send({ status, headers: { location }, body: '' });
}

async function reply(exchange: Exchange, given: HttpResponse | Write): Promise<void> {
	if (typeof given === 'function') await given();
	else await exchange.send(given);
}

/** What is not sent as a whole has no JSON to cut. */
function truncated(given: HttpResponse | Write): HttpResponse | Write {
	if (typeof given === 'function') return given;
	return { ...given, body: given.body.slice(0, Math.floor(given.body.length / 2)) };
}

async function reset(exchange: Exchange): Promise<void> {
	await exchange.body();
	exchange.request.socket.resetAndDestroy();
}

/** Responds to one call: truly when there is no fault, else as the fault says. */
export async function respond(
	exchange: Exchange,
	fault: CallFault | null,
	act: Act,
	stage: FaultStage,
): Promise<void> {
	if (fault?.kind === 'refuse') return void exchange.request.socket.destroy();
	if (fault?.kind === 'slow') {
		await wait(fault.milliseconds, undefined, { signal: stage.life }).catch(() => undefined);
		if (stage.life.aborted) return;
	}
	await exchange.body();
	const done = isAccepted(fault, stage.lostCallAccepted) ? await act() : null;
	switch (fault?.kind) {
		case 'resetBefore':
		case 'resetAfter':
			return await reset(exchange);
		case 'status':
			return await exchange.send(statusResponse(fault));
		case 'hang':
			return;
		case 'redirect':
			return await redirect(exchange, fault, stage);
		case 'truncatedJson':
			return done ? await reply(exchange, truncated(done)) : undefined;
		default:
			return done ? await reply(exchange, done) : undefined;
	}
}
