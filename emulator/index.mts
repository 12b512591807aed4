import { setMaxListeners } from 'node:events';
import { randomBytes, randomUUID } from 'node:crypto';

import { Cdn, serveFile } from './cdn.mts';
import { ENDPOINTS } from './endpoints/endpoints.mts';
import { publishedPrice, type Price } from './endpoints/prices.mts';
import type { CallFault, FaultStage } from './faults.mts';
import { FileStore } from './files.mts';
import { Jobs, type RequestRecord } from './jobs.mts';
import {
	Journal,
	listen,
	type CallRecord,
	type Exchange,
	type Handler,
	type Listener,
	type ListenerName,
} from './listener.mts';
import { Model } from './model.mts';
import { Platform } from './platform.mts';
import { Queue } from './queue.mts';
import { DEFAULT_VARIANTS, type Variants } from './variants.mts';
import { Rest } from './rest.mts';
import { RouteFaults, type Route } from './routeFaults.mts';
import { ScriptBook, type Match, type RequestScript } from './script.mts';
import { Uploads } from './uploads.mts';
import { Webhooks, type SignedWebhook } from './webhooks.mts';

export * as responses from './responses.mts';
export type { ModelResponse } from './responses.mts';
export type { CallFault, DownloadFault, Fault, StreamFault, WebhookFault } from './faults.mts';
export type { QueueState, RequestRecord, WebhookDelivery } from './jobs.mts';
export type { JsonObject, JsonValue } from './json.mts';
export type { CallRecord, ListenerName } from './listener.mts';
export type { FetchedLora } from './loras.mts';
export type { FetchedMedia, FetchedMedium, MediaInput } from './media/fetchMedia.mts';
export type { VideoFile } from './output.mts';
export type { Price } from './endpoints/prices.mts';
export type { Variants } from './variants.mts';
export type { Route } from './routeFaults.mts';
export type { SignedWebhook } from './webhooks.mts';
export type { JobScript, Match, OutputChanges, RequestScript } from './script.mts';

/** One of fal's four hosts. */
export type Host = 'queue' | 'rest' | 'platform' | 'cdn';
export const HOSTS: readonly Host[] = ['queue', 'rest', 'platform', 'cdn'];

export interface EmulatorOptions {
	/** Default: a random `id:secret`. */
	apiKey?: string;
	/** Default: free ports. */
	ports?: Partial<Record<Host, number>>;
	/** Least time a job waits, in seconds. Default 0.05. */
	queueSeconds?: number;
	/** Least time a job runs, in seconds. Default 0.1. */
	runSeconds?: number;
	/** Jobs that run at once; the others wait. Default 40. */
	concurrency?: number;
	/** The price of every endpoint. Default: the published one of each. */
	price?: Price;
	/** Prices of single endpoints, by their ids; they come before `price`. */
	prices?: Readonly<Record<string, Price>>;
	/** How long a result is kept, in seconds. Default: as fal, by its size. */
	resultLifetimeSeconds?: number;
	/** `enlarged`: with `use_multiscale` the video is larger than asked. Default `asked`. */
	delivered?: 'asked' | 'enlarged';
	/**
	 * Makes no videos: each file is so many bytes that cost nothing to make, for measurements of
	 * everything else, and for files that are larger than a video can be made in time.
	 */
	preparedBytes?: number;
	/** The weight files of Hugging Face repositories, by `owner/repo`; others have one file. */
	repositories?: Record<string, string[]>;
	/** What fal's documentation leaves open. */
	variants?: Partial<Variants>;
	/** Called when a call is over. */
	onResponse?(call: CallRecord): void;
}

export interface Emulator {
	/** Origins such as `http://127.0.0.1:41001`; platform's ends in `/v1`. */
	readonly hosts: Readonly<Record<Host, string>>;
	readonly apiKey: string;
	/** fal's ID of the account, as webhooks name it. */
	readonly userId: string;
	/** Says what happens to the next submit that matches; several may wait, each for one submit. */
	script(match: Match, script: RequestScript): void;
	/** Faults of calls that belong to no request, one per call; null means none. */
	fault(route: Route, faults: Array<CallFault | null>): void;
	/** The webhook of a request, signed by fal; of this account unless another one is given. */
	webhookOf(requestId: string, userId?: string): SignedWebhook;
	/** Every request that was accepted. */
	readonly requests: readonly RequestRecord[];
	/** Every HTTP call. */
	readonly calls: readonly CallRecord[];
	/** What must never happen, such as a key sent to the CDN. */
	readonly violations: readonly string[];
	/** Ends everything. @throws Error when there are violations. */
	close(): Promise<void>;
}

/** @throws Error when a price is of no endpoint: most likely its id has a mistake. */
function pricesOf({ price, prices = {} }: EmulatorOptions): ReadonlyMap<string, Price> {
	const unknown = Object.keys(prices).find((id) => !ENDPOINTS.has(id));
	if (unknown !== undefined) throw new Error(`prices: no endpoint ${unknown}`);
	return new Map(
		[...ENDPOINTS.values()].map((endpoint) => [
			endpoint.id,
			prices[endpoint.id] ?? price ?? publishedPrice(endpoint),
		]),
	);
}

const randomKey = () => `${randomUUID()}:${randomBytes(16).toString('hex')}`;

type Handlers = Record<ListenerName, Handler>;

/** The listeners: fal's four, and a foreign one from the first redirect on. */
class Listeners {
	readonly #open = new Map<ListenerName, Promise<Listener>>();
	readonly #origins = new Map<ListenerName, string>();
	handlers?: Handlers;

	constructor(readonly journal: Journal) {}

	async open(name: ListenerName, port = 0): Promise<string> {
		const opening = this.#open.get(name) ?? listen(name, port, this.journal, this.#handle(name));
		this.#open.set(name, opening);
		const { origin } = await opening;
		this.#origins.set(name, origin);
		return origin;
	}

	/** @throws Error when it is not open. */
	origin(name: ListenerName): string {
		const origin = this.#origins.get(name);
		if (!origin) throw new Error(`${name} is not open`);
		return origin;
	}

	async close(): Promise<void> {
		const opened = await Promise.allSettled(this.#open.values());
		await Promise.all(opened.map((one) => one.status === 'fulfilled' && one.value.close()));
	}

	#handle(name: ListenerName): Handler {
		return async (exchange) => {
			if (this.handlers) await this.handlers[name](exchange);
			else await exchange.send({ status: 503, body: 'starting' });
		};
	}
}

/** Somebody else's host: it serves the same files, and no key may ever arrive there. */
function foreignHandler(files: FileStore, journal: Journal): Handler {
	return async (exchange: Exchange) => {
		if (exchange.header('authorization'))
			journal.violation(`a key was sent to a foreign host: ${exchange.url.pathname}`);
		const file = files.find(exchange.url.pathname);
		if (file) await serveFile(exchange, { file });
		else await exchange.send({ status: 404, body: 'Not found' });
	};
}

/** Puts the parts together. */
class RunningEmulator implements Emulator {
	readonly hosts: Emulator['hosts'];
	readonly apiKey: string;
	readonly #life = new AbortController();
	readonly #scripts = new ScriptBook();
	readonly #routeFaults = new RouteFaults();
	readonly #jobs: Jobs;
	readonly #webhooks: Webhooks;
	#closing?: Promise<void>;

	constructor(
		options: EmulatorOptions,
		readonly listeners: Listeners,
		readonly files: FileStore,
	) {
		this.apiKey = options.apiKey ?? randomKey();
		const variants = { ...DEFAULT_VARIANTS, ...options.variants };
		const cdn = listeners.origin('cdn');
		const { journal } = listeners;
		this.hosts = {
			queue: listeners.origin('queue'),
			rest: listeners.origin('rest'),
			platform: `${listeners.origin('platform')}/v1`,
			cdn,
		};
		// As many webhooks as there are jobs may wait for its end.
		setMaxListeners(0, this.#life.signal);
		this.#webhooks = new Webhooks(variants, this.#life.signal);
		const { runSeconds = 0.1, queueSeconds = 0.05, concurrency = 40 } = options;
		const model = new Model({
			...{ files, journal, runSeconds, cdn, variants },
			repositories: options.repositories ?? {},
			delivered: options.delivered ?? 'asked',
			preparedBytes: options.preparedBytes,
		});
		this.#jobs = new Jobs({
			...{ concurrency, queueSeconds, variants },
			run: (job, signal) => model.run(job, signal),
			onEnd: (job) => this.#webhooks.deliver(job),
		});
		listeners.handlers = this.#handlers(options, variants);
	}

	get requests(): readonly RequestRecord[] {
		return this.#jobs.records;
	}

	get calls(): readonly CallRecord[] {
		return this.listeners.journal.calls;
	}

	get userId(): string {
		return this.#webhooks.userId;
	}

	get violations(): readonly string[] {
		return this.listeners.journal.violations;
	}

	script(match: Match, script: RequestScript): void {
		this.#scripts.add(match, script);
	}

	fault(route: Route, faults: Array<CallFault | null>): void {
		this.#routeFaults.add(route, faults);
	}

	webhookOf(requestId: string, userId?: string): SignedWebhook {
		return this.#webhooks.of(requestId, userId);
	}

	close(): Promise<void> {
		this.#closing ??= this.#close();
		return this.#closing;
	}

	async #close(): Promise<void> {
		this.#life.abort();
		await this.#jobs.close();
		await this.#webhooks.settled();
		await this.listeners.close();
		await this.files.remove();
		if (this.violations.length) throw new Error(`fal emulator: ${this.violations.join('; ')}`);
	}

	#handlers(options: EmulatorOptions, variants: Variants): Handlers {
		const { apiKey, hosts, files, listeners } = this;
		const { journal } = listeners;
		const [jobs, scripts, routeFaults] = [this.#jobs, this.#scripts, this.#routeFaults];
		const uploads = new Uploads(files);
		const stage: FaultStage = {
			lostCallAccepted: variants.lostSubmitAccepted,
			foreignOrigin: () => listeners.open('foreign'),
			life: this.#life.signal,
		};
		const { resultLifetimeSeconds } = options;
		const common = { apiKey, stage, variants };
		const queue = new Queue({
			...{ ...common, jobs, scripts, resultLifetimeSeconds },
			origin: hosts.queue,
		});
		const rest = new Rest({
			...{ ...common, uploads, routeFaults, cdn: hosts.cdn },
			jwks: () => this.#webhooks.jwks(),
		});
		const platform = new Platform({
			...{ ...common, jobs, routeFaults },
			prices: pricesOf(options),
		});
		const cdn = new Cdn({ ...common, files, uploads, routeFaults, journal });
		return {
			queue: (exchange) => queue.handle(exchange),
			rest: (exchange) => rest.handle(exchange),
			platform: (exchange) => platform.handle(exchange),
			cdn: (exchange) => cdn.handle(exchange),
			foreign: foreignHandler(files, journal),
		};
	}
}

/**
 * Starts a local fal on the loopback interface.
 * @throws the error of a listener that can't open (EADDRINUSE: its `port` is taken); nothing
 * stays open then.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const listeners = new Listeners(new Journal(options.onResponse));
	const files = await FileStore.create();
	try {
		await Promise.all(HOSTS.map((host) => listeners.open(host, options.ports?.[host])));
		return new RunningEmulator(options, listeners, files);
	} catch (error) {
		await listeners.close();
		await files.remove();
		throw error;
	}
}
