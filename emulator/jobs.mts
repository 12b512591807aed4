import { EventEmitter } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { randomUUID } from 'node:crypto';

import { clientCancelled, startTimeout, type ModelResponse } from './responses.mts';
import { stringifyExact, type JsonObject, type JsonValue } from './json.mts';
import type { FetchedLora } from './loras.mts';
import type { FetchedMedia } from './media/fetchMedia.mts';
import type { Variants } from './variants.mts';
import type { ActiveScript } from './script.mts';

/** fal's three states (queue reference); a failed request is COMPLETED too. */
export type QueueState = 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED';

/** One delivery of a webhook. */
export interface WebhookDelivery {
	at: Date;
	url: string;
	body: string;
	/** The status of the receiver's response; null when none came. */
	status: number | null;
}

/** One request that was accepted. */
export interface RequestRecord {
	readonly request_id: string;
	/** The endpoint it was submitted to, such as `fal-ai/ltx-2.3-22b/image-to-video`. */
	readonly endpointId: string;
	/** The input as it was sent; a seed beyond 2^53 is a bigint. */
	readonly input: JsonObject;
	/** The body's exact text. */
	readonly rawBody: string;
	readonly headers: IncomingHttpHeaders;
	/** The submit's query. */
	readonly query: Readonly<Record<string, string>>;
	readonly submittedAt: Date;
	state: QueueState;
	startedAt?: Date;
	endedAt?: Date;
	/** When a cancellation was taken. */
	cancelledAt?: Date;
	readonly webhookDeliveries: WebhookDelivery[];
	/** The LoRAs that the model has downloaded from this fal's CDN; there once it works. */
	loras?: readonly FetchedLora[];
	/** The media that it has got likewise, or out of a `data:` URI, by their inputs. */
	media?: FetchedMedia;
	/** The response to a result call; there from COMPLETED on. */
	output?: JsonValue;
	/** The result's status code. */
	resultStatus?: number;
	/** `x-fal-billable-units` of the result, if any. */
	billableUnits?: string | null;
}

/** Makes the response of a job; ends with an AbortError when the signal says so. */
export type RunJob = (job: Job, signal: AbortSignal) => Promise<ModelResponse>;

/** A log line of a run (fal: queue reference). */
export type LogLine = { message: string; timestamp: string; level: string; source: string };

/** fal keeps a result about an hour, one of 10 KB or more about six minutes. In seconds. */
const LIFETIME = 3600;
const LIFETIME_OF_LARGE = 360;
const LARGE_BYTES = 10 * 1024;

/** One accepted request on its way; emits `change` at every new state or position. */
export class Job extends EventEmitter<{ change: [] }> {
	readonly logs: LogLine[] = [];
	response?: ModelResponse;
	/** Whether it is no longer known. */
	gone = false;
	/** Whether its least time in the queue is over. */
	ready = false;
	readonly running = new AbortController();

	constructor(
		readonly record: RequestRecord,
		readonly script: ActiveScript,
	) {
		super();
		// As many status streams as a client likes may watch one job.
		this.setMaxListeners(0);
	}

	log(message: string): void {
		const timestamp = new Date().toISOString();
		this.logs.push({ message, timestamp, level: 'INFO', source: 'USER' });
	}

	start(): void {
		this.record.state = 'IN_PROGRESS';
		this.record.startedAt = new Date();
		this.log('Loading model weights...');
		this.emit('change');
	}

	complete(response: ModelResponse): void {
		this.response = response;
		Object.assign(this.record, {
			state: 'COMPLETED',
			endedAt: new Date(),
			output: response.body,
			resultStatus: response.status,
			billableUnits: response.billableUnits,
		});
		this.emit('change');
	}

	/** Whether its result is no longer kept. */
	isExpired(lifetimeSeconds?: number): boolean {
		if (this.script.output.expired) return true;
		const { endedAt } = this.record;
		if (!endedAt || !this.response) return false;
		const isLarge = Buffer.byteLength(stringifyExact(this.response.body)) >= LARGE_BYTES;
		const lifetime = lifetimeSeconds ?? (isLarge ? LIFETIME_OF_LARGE : LIFETIME);
		return Date.now() > endedAt.getTime() + lifetime * 1000;
	}
}

export interface JobsOptions {
	concurrency: number;
	/** Least time in the queue, in seconds. */
	queueSeconds: number;
	variants: Variants;
	run: RunJob;
	/** Called once for each job that has ended. */
	onEnd(job: Job): void;
}

/** What a submit brings. */
export type Submission = Pick<
	RequestRecord,
	'endpointId' | 'input' | 'rawBody' | 'headers' | 'query'
>;

/** All jobs: those that wait, in order, those that run, and those that ended. */
export class Jobs {
	readonly records: RequestRecord[] = [];
	readonly #byId = new Map<string, Job>();
	readonly #waiting: Job[] = [];
	readonly #runs = new Map<Job, Promise<void>>();
	readonly #timers = new Set<NodeJS.Timeout>();
	#isClosed = false;

	constructor(readonly options: JobsOptions) {}

	get waiting(): number {
		return this.#waiting.length;
	}

	/** @returns undefined for an unknown id, and for one that is gone. */
	find(id: string): Job | undefined {
		const job = this.#byId.get(id);
		return job?.gone ? undefined : job;
	}

	/** Number of jobs that wait before this one. */
	position(job: Job): number {
		return Math.max(0, this.#waiting.indexOf(job));
	}

	submit(submission: Submission, script: ActiveScript): Job {
		const record: RequestRecord = {
			...submission,
			request_id: randomUUID(),
			submittedAt: new Date(),
			state: 'IN_QUEUE',
			webhookDeliveries: [],
		};
		const job = new Job(record, script);
		this.records.push(record);
		this.#byId.set(record.request_id, job);
		this.#waiting.push(job);
		this.#after(script.job.queueSeconds ?? this.options.queueSeconds, () => {
			job.ready = true;
			this.#admit();
		});
		this.#limitWait(job);
		return job;
	}

	/** @returns false when the job had ended already. */
	cancel(job: Job): boolean {
		const { cancelledWhileQueued, cancelledWhileRunning } = this.options.variants;
		const { record } = job;
		if (record.state === 'COMPLETED') return false;
		record.cancelledAt ??= new Date();
		if (record.state === 'IN_QUEUE') {
			job.gone = cancelledWhileQueued === 'gone';
			this.#leaveQueue(job, clientCancelled());
		} else if (cancelledWhileRunning === 'ends') job.running.abort();
		return true;
	}

	/** Ends every timer and run. */
	async close(): Promise<void> {
		this.#isClosed = true;
		for (const timer of this.#timers) clearTimeout(timer);
		for (const job of this.#runs.keys()) job.running.abort();
		await Promise.all(this.#runs.values());
	}

	#after(seconds: number, act: () => void): void {
		const timer = setTimeout(() => {
			this.#timers.delete(timer);
			act();
		}, seconds * 1000);
		this.#timers.add(timer);
	}

	/** `X-Fal-Request-Timeout` is the time within which a request has to start, in seconds. */
	#limitWait(job: Job): void {
		const header = job.record.headers['x-fal-request-timeout'];
		const seconds = Number(header);
		if (header === undefined || !(seconds > 0)) return;
		this.#after(seconds, () => {
			if (job.record.state === 'IN_QUEUE') this.#leaveQueue(job, startTimeout());
		});
	}

	#leaveQueue(job: Job, response: ModelResponse): void {
		this.#waiting.splice(this.#waiting.indexOf(job), 1);
		this.#end(job, response);
		this.#tellPositions();
	}

	#end(job: Job, response: ModelResponse): void {
		job.complete(response);
		this.options.onEnd(job);
	}

	#admit(): void {
		while (!this.#isClosed && this.#runs.size < this.options.concurrency) {
			const at = this.#waiting.findIndex((job) => job.ready);
			const job = this.#waiting[at];
			if (!job) return;
			this.#waiting.splice(at, 1);
			this.#runs.set(job, this.#run(job));
			this.#tellPositions();
		}
	}

	#tellPositions(): void {
		for (const job of this.#waiting) job.emit('change');
	}

	async #run(job: Job): Promise<void> {
		job.start();
		const response = await this.#respond(job);
		this.#runs.delete(job);
		if (this.#isClosed) return;
		this.#end(job, response);
		this.#admit();
	}

	async #respond(job: Job): Promise<ModelResponse> {
		try {
			return await this.options.run(job, job.running.signal);
		} catch (error) {
			if (job.running.signal.aborted) return clientCancelled();
			throw error;
		}
	}
}
