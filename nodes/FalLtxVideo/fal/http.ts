import type { IExecuteFunctions, IHttpRequestMethods, IHttpRequestOptions } from 'n8n-workflow';
import { FalError } from './FalError';
import type { FalHosts } from './hosts';
import { isFalApi } from './hosts';

/*
 * Rules:
 * - every byte goes through n8n's own HTTP helpers: its proxy, TLS and SSRF settings then apply;
 * - the key goes to fal's APIs only, and never along with a redirect.
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
	/** Sent as it is. */
	body?: string;
	/** Ends the call, and the body that is still arriving. */
	signal?: AbortSignal;
}

/** An answer of any status, its body still arriving. */
export interface HttpAnswer {
	status: number;
	/** Header names are in lower case. */
	headers: Record<string, string>;
	body: Readable;
}

/** The two ways to make a call. Both throw FalError of kind `network` when no answer came. */
export interface FalHttp {
	/** Signed with the credential; only for fal's APIs. */
	withKey(call: HttpCall): Promise<HttpAnswer>;
	/** Without the credential; for files. Follows redirects. */
	withoutKey(call: HttpCall): Promise<HttpAnswer>;
}

/** The part of n8n's contexts that calls are made with. */
export type HttpContext = Pick<IExecuteFunctions, 'getNode' | 'getCredentials' | 'helpers'>;

/** n8n's answer with `returnFullResponse` and `encoding: 'stream'`. */
interface N8nAnswer {
	statusCode: number;
	headers: Record<string, string | string[] | undefined>;
	body: Readable;
}

/** Calls to fal through n8n. */
export function n8nHttp(context: HttpContext, hosts: FalHosts): FalHttp {
	return {
		async withKey(call) {
			if (!isFalApi(hosts, call.url)) {
				throw new TypeError(
					`${new URL(call.url).host} is no API of fal: the key is not sent there`,
				);
			}
			const options = { ...n8nOptions(call), disableFollowRedirect: true };
			return await answered(
				call,
				async () =>
					(await context.helpers.httpRequestWithAuthentication.call(
						withOwnSignal(context),
						'falLtxApi',
						options,
					)) as N8nAnswer,
			);
		},
		async withoutKey(call) {
			return await answered(
				call,
				async () => (await context.helpers.httpRequest(n8nOptions(call))) as N8nAnswer,
			);
		},
	};
}

/**
 * n8n's signed helper replaces the caller's abort signal by the execution's, found by its name in
 * the context. Hidden, the caller's own signal counts: it can end one call of many, and leave alone
 * the cancel that has to go out after the execution was stopped.
 */
function withOwnSignal(context: HttpContext): IExecuteFunctions {
	return new Proxy(context as IExecuteFunctions, {
		has: (target, name) => name !== 'getExecutionCancelSignal' && name in target,
	});
}

function n8nOptions(call: HttpCall): IHttpRequestOptions {
	return {
		method: call.method as IHttpRequestMethods,
		url: call.url,
		headers: call.headers ?? {},
		...(call.body === undefined ? {} : { body: call.body }),
		abortSignal: call.signal,
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		json: false,
	};
}

async function answered(call: HttpCall, send: () => Promise<N8nAnswer>): Promise<HttpAnswer> {
	try {
		const { statusCode, headers, body } = await send();
		return { status: statusCode, headers: flat(headers), body };
	} catch (error) {
		throw failure(call, error);
	}
}

function flat(headers: N8nAnswer['headers']): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value ?? '')]),
	);
}

/** What to throw for a call that broke off: the signal's reason, when it was ended on purpose. */
export function failure(call: Pick<HttpCall, 'doing' | 'signal'>, error: unknown): unknown {
	if (call.signal?.aborted) return call.signal.reason;
	if (error instanceof FalError) return error;
	return new FalError({ kind: 'network', doing: call.doing, reason: reasonOf(error) });
}

/** n8n wraps the network's error, once or more: the innermost says what happened. */
function reasonOf(error: unknown): string {
	let innermost = error as ErrorLink;
	while (innermost.cause) innermost = innermost.cause;
	return typeof innermost.code === 'string' ? innermost.code : innermost.message;
}

interface ErrorLink {
	message: string;
	code?: unknown;
	cause?: ErrorLink;
}

/** A small body as text. @throws FalError when it breaks off or is larger than any answer of fal's */
export async function readText(call: HttpCall, body: Readable, limit: number): Promise<string> {
	const chunks: Buffer[] = [];
	let size = 0;
	try {
		for await (const chunk of body as AsyncIterable<Buffer>) {
			size += chunk.length;
			if (size > limit) throw new FalError({ kind: 'unreadable', doing: call.doing });
			chunks.push(chunk);
		}
	} catch (error) {
		throw failure(call, error);
	}
	return Buffer.concat(chunks).toString('utf8');
}
