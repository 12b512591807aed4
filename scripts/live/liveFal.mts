import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INodeParameters,
} from 'n8n-workflow';
import type { Engine, NodeRun, Outcome } from '../../test/integration/engine.mts';
import { followVideo, type Followed } from './followVideo.mts';
import { JOBS, SIDE, FRAMES, FPS, type JobId } from './jobs.mts';
import type { Target } from './target.mts';
import type { Exchange, Wire } from './wire.mts';

/** A response as n8n's helper gives it. */
export interface PlainResponse {
	status: number;
	headers: Record<string, string>;
	body: Buffer;
}

/** The same before it was read. */
interface StreamedResponse {
	statusCode: number;
	headers: Record<string, string>;
	body: AsyncIterable<Uint8Array>;
}

/** What a person waits for one video of nine frames at most. */
const VIDEO_WITHIN_MS = 10 * 60_000;

/** What the questions ask with: the node in n8n's engine, and the wire that its calls go over. */
export class LiveFal {
	readonly #results = new Map<string, Promise<unknown>>();

	constructor(
		readonly target: Target,
		readonly engine: Engine,
		readonly wire: Wire,
		readonly signal: AbortSignal,
	) {
		// Each run of the node listens for it.
		setMaxListeners(0, signal);
	}

	get credential(): ICredentialDataDecryptedObject {
		const { queue, rest, platform } = this.wire.hosts;
		return {
			apiKey: this.target.apiKey,
			customHosts: true,
			queueUrl: queue,
			restUrl: rest,
			platformUrl: platform,
		};
	}

	/** Does something once, whichever question asks for it first. */
	async once<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
		const known = this.#results.get(name) as Promise<Result> | undefined;
		const result = known ?? work();
		this.#results.set(name, result);
		return await result;
	}

	/** Runs the node. */
	async run(parameters: INodeParameters, more: Partial<NodeRun> = {}): Promise<Outcome> {
		this.signal.throwIfAborted();
		const stop = this.signal;
		return await this.engine.run({ parameters, credential: this.credential, stop, ...more });
	}

	/** Runs an operation of the node for a request. */
	async request(operation: string, requestId: string): Promise<Outcome> {
		return await this.run({ resource: 'request', operation, requestId });
	}

	/** Parameters of a job's video. */
	parameters(id: JobId, changes: INodeParameters = {}): INodeParameters {
		const { prompt, endpoint, takesLora } = JOBS[id] as (typeof JOBS)[JobId] & {
			takesLora?: boolean;
		};
		return {
			resource: 'video',
			operation: 'textToVideo',
			model: endpoint.model,
			prompt,
			...{ videoSize: 'custom', width: SIDE, height: SIDE },
			generation: { numFrames: FRAMES, fps: FPS },
			...(takesLora && { loras: { lora: [{ path: this.target.lora ?? '' }] } }),
			...changes,
		};
	}

	/** Submits a job and does not wait. */
	async submit(id: JobId, changes: INodeParameters = {}, more: INodeParameters = {}) {
		const options = { waitMode: 'none', ...more };
		const outcome = await this.run(this.parameters(id, { ...changes, options }));
		return itemOf(outcome)['request_id'] as string;
	}

	/** Submits a job as people do, and waits for the video. */
	async generate(id: JobId, changes: INodeParameters = {}, more: Partial<NodeRun> = {}) {
		const options = { timeoutSeconds: VIDEO_WITHIN_MS / 1000 };
		return await this.run(this.parameters(id, { ...changes, options }), more);
	}

	/** The status of a request by the node, and the call that asked for it. */
	async status(requestId: string): Promise<{ status: string; exchange: Exchange }> {
		const outcome = await this.request('getStatus', requestId);
		const exchange = this.last('queue', `/requests/${requestId}/status`);
		const status = outcome.outputs[0]?.[0]?.json['status'];
		return { status: typeof status === 'string' ? status : 'UNKNOWN', exchange };
	}

	/** Polls until a test of the status passes, or the request is no longer known. */
	async untilStatus(requestId: string, isOver: (status: string) => boolean): Promise<string> {
		const deadline = Date.now() + VIDEO_WITHIN_MS;
		for (;;) {
			const { status, exchange } = await this.status(requestId);
			if (isOver(status) || exchange.status === 404) return status;
			if (Date.now() > deadline) throw new Error(`still ${status} after ten minutes`);
			await this.nap();
		}
	}

	/** How far fal's clock is ahead of this one. @throws Error when the list does not say what time it is */
	async clockAheadMs(): Promise<number> {
		return await this.once('clock', async () => {
			await this.run({ resource: 'request', operation: 'getMany', limit: 1 });
			const exchange = this.last('platform', '/models/requests/by-endpoint');
			const aheadMs = Date.parse(String(exchange.headers['date'])) - Date.now();
			if (Number.isNaN(aheadMs)) throw new Error(`no date: ${shown(exchange)}`);
			return aheadMs;
		});
	}

	/** The request without LoRAs, watched from its submit to its end. */
	async plain(): Promise<Followed> {
		return await this.once('plain', async () => await followVideo(this));
	}

	/** A call with the key to one of fal's APIs, for what the node has no operation for. */
	async ask(
		api: 'queue' | 'platform',
		path: string,
		options: Partial<IHttpRequestOptions> = {},
		apiKey = this.target.apiKey,
	): Promise<Exchange> {
		const url = this.wire.hosts[api] + path;
		await this.call({ ...this.credential, apiKey }, async (context) =>
			context.helpers.httpRequestWithAuthentication.call(context, 'falLtxApi', {
				...{ method: 'GET', url, json: true },
				...{ returnFullResponse: true, ignoreHttpStatusErrors: true },
				...options,
			}),
		);
		return this.last(api, path.split('?')[0]!);
	}

	/** A call without the key. */
	async fetch(
		url: string,
		{ method = 'GET', headers = {} }: Partial<IHttpRequestOptions> = {},
	): Promise<PlainResponse> {
		return (await this.call(this.credential, async (context) => {
			// As a stream, as the node reads files: else n8n would unpack a file and not say so.
			const response = (await context.helpers.httpRequest({
				...{ method, url, headers, encoding: 'stream', json: false },
				...{ returnFullResponse: true, ignoreHttpStatusErrors: true },
			})) as StreamedResponse;
			const pieces: Uint8Array[] = [];
			for await (const piece of response.body) pieces.push(piece);
			const body = Buffer.concat(pieces);
			return { status: response.statusCode, headers: response.headers, body };
		})) as PlainResponse;
	}

	/** The last call to an API whose path has a text in it. @throws Error when there was none */
	last(api: 'queue' | 'rest' | 'platform', text: string, method?: string): Exchange {
		const found = this.wire.to(api, text, method).at(-1);
		if (!found) throw new Error(`nothing was sent to ${text}`);
		return found;
	}

	/** The submit of a request. */
	submitOf(requestId: string): Exchange {
		const found = this.wire.to('queue', '', 'POST').find(({ body }) => body.includes(requestId));
		if (!found) throw new Error(`no submit was answered with ${requestId}`);
		return found;
	}

	async nap(milliseconds = this.target.pollMs): Promise<void> {
		await pause(milliseconds, undefined, { signal: this.signal });
	}

	private async call(
		credential: ICredentialDataDecryptedObject,
		work: (context: IExecuteFunctions) => Promise<unknown>,
	): Promise<unknown> {
		this.signal.throwIfAborted();
		return await this.engine.call(credential, work);
	}
}

/** The first item that a run gave. @throws Error with what the node said instead */
export function itemOf({ outputs, error }: Outcome): IDataObject {
	const item = outputs[0]?.[0]?.json;
	if (item && !error) return item;
	throw new Error([error?.message, error?.description].filter(Boolean).join('. ') || 'no item');
}

/** A body as an object; empty when it is none. */
export function jsonOf({ body }: Pick<Exchange, 'body'>): Record<string, unknown> {
	try {
		const value = JSON.parse(body) as unknown;
		return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

/** A body in a few words. */
export const shortBody = ({ body }: Pick<Exchange, 'body'>): string =>
	body.length > 160 ? `${body.slice(0, 160)}…` : body;

/** A response in a few words. */
export const shown = (exchange: Pick<Exchange, 'status' | 'body'>): string =>
	`${exchange.status} ${shortBody(exchange)}`.trim();
