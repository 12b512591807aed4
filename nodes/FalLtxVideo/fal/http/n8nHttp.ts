import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { FalError } from '../errors/FalError';
import { failedBeforeSending, reasonOf } from './networkErrors';
import { type FalHosts, isFalApi } from '../hosts';
import { KeyFilter } from './keyFilter';
import { LIMITS } from './limits';
import { Watchdog, within } from './pause';
import { isPublicAddress } from './publicAddress';

/*
 * Rules:
 * - every byte goes through n8n's own HTTP helpers: its proxy, TLS and SSRF settings then apply;
 * - the key goes to fal's APIs only, and never along with a redirect;
 * - a response to a request with the key is read without the key, whatever repeats it;
 * - nothing is waited for without a limit: not for a response to begin, not for its next bytes.
 */

/** Node's stream of bytes, as n8n's helpers give and take it. */
export type Readable = Exclude<
	Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0],
	Buffer
>;

/** One HTTP call. */
export interface HttpCall {
	/** What the call is for, to start an error's sentence with. */
	doing: string;
	method: string;
	url: string;
	headers?: Record<string, string>;
	/** Sent as it is. A stream needs its length in the headers, and can be sent only once. */
	body?: string | Buffer | Readable;
	/** Ends the call, and the body that is still arriving. */
	signal?: AbortSignal;
	/** How long a response may take to begin. */
	responseWithinMs?: number;
}

/** A response of any status, its body still arriving. */
export interface HttpResponse {
	status: number;
	/** Header names are in lower case. */
	headers: Record<string, string>;
	body: Readable;
	/** Cuts the key out of the body, where the request carried it. */
	filter?: KeyFilter;
	/**
	 * Ends the response and its connection, also one that nothing was read of: n8n's stream stands for
	 * the response, and destroying it before it was read leaves the connection open; measured.
	 */
	close(): void;
}

/** What is read of a response. */
export type ResponseBody = Pick<HttpResponse, 'body' | 'close' | 'filter'>;

/** The two ways to make a call. Both throw FalError of kind `network` when no response came. */
export interface FalHttp {
	/** Signed with the credential; only for fal's APIs. */
	withKey(call: HttpCall): Promise<HttpResponse>;
	/**
	 * Without the credential; for files. Follows redirects, unless the call has a body. Where fal's queue
	 * is public, the address and those of redirects must be public and https.
	 */
	withoutKey(call: HttpCall): Promise<HttpResponse>;
}

/** The part of n8n's contexts that calls are made with, in an execution as in a webhook. */
export type HttpContext = Pick<IWebhookFunctions, 'getNode' | 'helpers'>;

/** n8n's name of the credential. */
export const CREDENTIAL_TYPE = 'falLtxApi';

/** Enough for any response of fal's queue to begin; a request itself is never waited for in a call. */
const RESPONSE_WITHIN_MS = 30_000;

/** n8n's answer with `returnFullResponse` and `encoding: 'stream'`. */
interface N8nResponse {
	statusCode: number;
	headers: Record<string, string | string[] | undefined>;
	body: Readable;
}

/**
 * Calls to fal through n8n.
 *
 * @param credential as n8n resolved it for the items that the calls are for: n8n itself would resolve
 * it for the first item of the run each time
 */
export function n8nHttp(
	context: HttpContext,
	hosts: FalHosts,
	credential: ICredentialDataDecryptedObject,
): FalHttp {
	const filter = new KeyFilter(credential.apiKey);
	const credentialsDecrypted = { id: '', name: '', type: CREDENTIAL_TYPE, data: credential };
	return {
		async withKey(call) {
			if (!isFalApi(hosts, call.url)) {
				throw new TypeError(
					`${new URL(call.url).host} is no API of fal: the key is not sent there`,
				);
			}
			return await responseTo(
				call,
				async (options) =>
					(await context.helpers.httpRequestWithAuthentication.call(
						withOwnSignal(context),
						CREDENTIAL_TYPE,
						{ ...options, disableFollowRedirect: true },
						{ credentialsDecrypted },
					)) as N8nResponse,
				filter,
			);
		},
		async withoutKey(call) {
			const send = async (options: IHttpRequestOptions) =>
				(await context.helpers.httpRequest({
					...options,
					disableFollowRedirect: true,
				})) as N8nResponse;
			for (let redirects = 0, { url } = call; ; redirects++) {
				requireFileAddress(hosts, call.doing, url);
				const answer = await responseTo({ ...call, url }, send);
				const next = call.body === undefined ? redirectOf(answer, url) : undefined;
				if (next === undefined) return answer;
				answer.close();
				url = next;
				if (redirects < LIMITS.redirects) continue;
				const reason = `more than ${LIMITS.redirects} redirects`;
				throw new FalError({ kind: 'unreadable', doing: call.doing, reason });
			}
		},
	};
}

/**
 * The address that a response sends to; undefined when it is no redirect. n8n would follow it itself,
 * wherever it leads.
 */
function redirectOf({ status, headers }: HttpResponse, from: string): string | undefined {
	if (![301, 302, 303, 307, 308].includes(status) || !headers.location) return undefined;
	return URL.canParse(headers.location, from) ? new URL(headers.location, from).href : undefined;
}

/**
 * @throws FalError for an address that a response names and that must not be called: on the internet fal
 * has its files there as well, so one in n8n's own network is not one of fal's
 */
function requireFileAddress({ queue }: FalHosts, doing: string, url: string): void {
	const isWeb = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
	const isAllowed = isWeb && (!isPublicAddress(queue) || isPublicFile(url));
	if (isAllowed) return;
	const reason = 'its address is not a public one that starts with https';
	throw new FalError({ kind: 'unreadable', doing, reason });
}

function isPublicFile(url: string): boolean {
	return new URL(url).protocol === 'https:' && isPublicAddress(url);
}

/**
 * n8n's signed helper replaces the caller's abort signal by the execution's, found by its name in
 * the context. Hidden, the caller's own signal counts: it can end one call of many, and leave alone
 * the cancel that has to go out after the execution was stopped.
 */
function withOwnSignal(context: HttpContext): IExecuteFunctions {
	return new Proxy(context as unknown as IExecuteFunctions, {
		has: (target, name) => name !== 'getExecutionCancelSignal' && name in target,
	});
}

async function responseTo(
	call: HttpCall,
	send: (options: IHttpRequestOptions) => Promise<N8nResponse>,
	filter?: KeyFilter,
): Promise<HttpResponse> {
	const abort = new AbortController();
	const end = () => abort.abort(call.signal?.reason);
	if (call.signal?.aborted) end();
	call.signal?.addEventListener('abort', end, { once: true });
	const letGo = () => call.signal?.removeEventListener('abort', end);
	try {
		const limitMs = call.responseWithinMs ?? RESPONSE_WITHIN_MS;
		const { statusCode, headers, body } = await within(
			limitMs,
			send(n8nOptions(call, abort.signal)),
			() => new FalError({ kind: 'network', doing: call.doing, reason: silence(limitMs) }),
		);
		body.once('close', letGo);
		// The reader gets an error; after closing there is no reader.
		body.on('error', () => undefined);
		const close = () => {
			if (!body.readableEnded) abort.abort();
			body.destroy();
		};
		return { status: statusCode, headers: flat(headers, filter), body, filter, close };
	} catch (error) {
		letGo();
		abort.abort();
		throw failureWithoutResponse(call, error, filter);
	}
}

function n8nOptions(call: HttpCall, abortSignal: AbortSignal): IHttpRequestOptions {
	return {
		method: call.method as IHttpRequestMethods,
		url: call.url,
		headers: call.headers ?? {},
		// To be able to send a body again elsewhere, n8n would keep all of it in memory.
		...(call.body === undefined ? {} : { body: call.body, disableFollowRedirect: true }),
		abortSignal,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		json: false,
	};
}

function flat(headers: N8nResponse['headers'], filter?: KeyFilter): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => {
			const text = String(value ?? '');
			return [name.toLowerCase(), filter?.text(text) ?? text];
		}),
	);
}

/** What to throw for a call that broke off: the signal's reason, when it was ended on purpose. */
export function failure(
	call: Pick<HttpCall, 'doing' | 'signal'>,
	error: unknown,
	filter?: KeyFilter,
): unknown {
	if (call.signal?.aborted) return call.signal.reason;
	if (error instanceof FalError) return error;
	const reason = reasonOf(error);
	return new FalError({
		kind: 'network',
		doing: call.doing,
		reason: filter?.text(reason) ?? reason,
	});
}

/** The same for a call that got no response at all: it may have failed before anything was sent. */
function failureWithoutResponse(call: HttpCall, error: unknown, filter?: KeyFilter): unknown {
	const failed = failure(call, error, filter);
	const isOfNetwork = failed instanceof FalError && failed !== error;
	if (!isOfNetwork || !failedBeforeSending(error)) return failed;
	return new FalError({ ...failed.fault, notSent: true });
}

function silence(milliseconds: number): string {
	return `nothing came for ${milliseconds / 1000} s`;
}

/**
 * The bytes of a body without the key, given up when none comes for a while: a connection that died
 * without a word would otherwise be waited on for ever. However it ends, the connection is closed.
 *
 * @throws FalError of kind `network`; the signal's reason when it aborts
 */
export function bytesOf(
	call: Pick<HttpCall, 'doing' | 'signal'>,
	response: ResponseBody,
	silentAfterMs: number,
): AsyncGenerator<Uint8Array> {
	const bytes = watchedBytes(call, response, silentAfterMs);
	return response.filter?.bytes(bytes) ?? bytes;
}

async function* watchedBytes(
	call: Pick<HttpCall, 'doing' | 'signal'>,
	{ body, close, filter }: ResponseBody,
	silentAfterMs: number,
): AsyncGenerator<Uint8Array> {
	const iterator = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
	const watchdog = new Watchdog(
		silentAfterMs,
		() => new FalError({ kind: 'network', doing: call.doing, reason: silence(silentAfterMs) }),
	);
	// Who leaves a status stream breaks the connection and asks for nothing more.
	body.once('close', () => watchdog.close());
	try {
		for (;;) {
			const next = await watchdog.wait(iterator.next());
			if (next.done) return;
			yield next.value;
		}
	} catch (error) {
		throw failure(call, error, filter);
	} finally {
		watchdog.close();
		close();
	}
}

/** What of a body is taken. */
export interface ReadLimits {
	/** Unpacked. */
	bytes: number;
	/** Milliseconds until its end, however it arrives. */
	withinMs: number;
	/** Called before more is taken than most responses have. @throws what ends the reading */
	onLarge?: () => void;
}

/** A body as text. @throws FalError when it breaks off, stalls, drips or is larger than it may be */
export async function readText(
	call: HttpCall,
	response: ResponseBody,
	{ bytes: limitBytes, withinMs, onLarge }: ReadLimits,
): Promise<string> {
	const chunks: Uint8Array[] = [];
	const startedAt = Date.now();
	let size = 0;
	for await (const chunk of bytesOf(call, response, RESPONSE_WITHIN_MS)) {
		const isLarge = size > LIMITS.answerBytes;
		size += chunk.length;
		if (!isLarge && size > LIMITS.answerBytes) onLarge?.();
		if (size > limitBytes) {
			const reason = `larger than ${limitBytes} bytes`;
			throw new FalError({ kind: 'unreadable', doing: call.doing, reason });
		}
		const tookMs = Date.now() - startedAt;
		if (tookMs > withinMs || tookMs > mostMsFor(size)) {
			const seconds = Math.round(Math.min(withinMs, tookMs) / 10) / 100;
			const reason = `not read to its end within ${seconds} s`;
			throw new FalError({ kind: 'network', doing: call.doing, reason });
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}

/** How long so many bytes may have taken. */
function mostMsFor(bytes: number): number {
	return LIMITS.readWithinMs + (bytes / LIMITS.slowestBytesPerSecond) * 1000;
}
