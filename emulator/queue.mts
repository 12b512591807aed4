import * as responses from './responses.mts';
import { APPLICATION, ENDPOINTS } from './endpoints/endpoints.mts';
import { respond, type CallFault, type FaultStage, type StreamFault } from './faults.mts';
import type { Job, Jobs } from './jobs.mts';
import { isObject, parseExact, type JsonObject } from './json.mts';
import { json, type HttpResponse, type Exchange } from './listener.mts';
import type { Variants } from './variants.mts';
import type { ScriptBook } from './script.mts';
import { streamStatus } from './stream.mts';

export interface QueueOptions {
	apiKey: string;
	jobs: Jobs;
	scripts: ScriptBook;
	stage: FaultStage;
	variants: Variants;
	/** Origin of the queue, for the URLs it gives. */
	origin: string;
	resultLifetimeSeconds?: number;
}

/** What fal calls after owner and application. */
const REQUEST_PATH = new RegExp(
	`^/${APPLICATION}/requests/([^/]+)(?:/(status|status/stream|cancel))?$`,
);

/** The input as far as it is one; the model reports its faults when it runs. */
function readInput(body: string): JsonObject {
	try {
		const input = parseExact(body);
		return isObject(input) ? input : {};
	} catch {
		return {};
	}
}

function isStreamFault(fault: CallFault | StreamFault | null): fault is StreamFault {
	return (
		fault?.kind === 'cutStream' || fault?.kind === 'silentStream' || fault?.kind === 'unknownEvent'
	);
}

/** The queue's routes (queue.fal.run; fal: queue reference). */
export class Queue {
	constructor(readonly options: QueueOptions) {}

	async handle(exchange: Exchange): Promise<void> {
		if (exchange.header('authorization') !== `Key ${this.options.apiKey}`)
			return await exchange.send(json(401, responses.INVALID_KEY));
		const { pathname } = exchange.url;
		const endpoint = ENDPOINTS.get(pathname.slice(1));
		if (endpoint) return await this.#submitRoute(exchange, endpoint.id);
		const [, id, action = 'result'] = REQUEST_PATH.exec(pathname) ?? [];
		if (id) return await this.#requestRoute(exchange, id, action);
		if (pathname.startsWith(`/${APPLICATION}/`) && pathname.includes('/requests/'))
			return await exchange.send(json(405, responses.METHOD_NOT_ALLOWED));
		const application = pathname.split('/')[2] ?? '';
		return await exchange.send(json(404, responses.applicationNotFound(application)));
	}

	async #submitRoute(exchange: Exchange, endpointId: string): Promise<void> {
		if (exchange.call.method !== 'POST')
			return await exchange.send(json(405, responses.METHOD_NOT_ALLOWED));
		const rawBody = (await exchange.body()).toString();
		const query = Object.fromEntries(exchange.url.searchParams);
		const longest = query.fal_max_queue_length;
		if (longest !== undefined && this.options.jobs.waiting >= Number(longest))
			return await exchange.send(json(429, { detail: `The queue holds ${longest} requests` }));
		const { scripts, stage, jobs } = this.options;
		const input = readInput(rawBody);
		const { script, fault } = scripts.take(input, stage.lostCallAccepted);
		const { headers } = exchange.request;
		const submission = { endpointId, input, rawBody, headers, query };
		await respond(exchange, fault, () => this.#accepted(jobs.submit(submission, script)), stage);
	}

	#accepted(job: Job): HttpResponse {
		const id = job.record.request_id;
		const body = {
			...this.#waitingStatus(job),
			...this.#urls(job),
			gateway_request_id: id,
		};
		return json(200, body, { 'x-fal-request-id': id });
	}

	async #requestRoute(exchange: Exchange, id: string, action: string): Promise<void> {
		const method = action === 'cancel' ? 'PUT' : 'GET';
		if (exchange.call.method !== method)
			return await exchange.send(json(405, responses.METHOD_NOT_ALLOWED));
		const job = this.options.jobs.find(id);
		if (!job) {
			const body = action === 'result' ? responses.RESULT_NOT_FOUND : responses.NOT_FOUND;
			return await exchange.send(json(404, body));
		}
		const { script } = job;
		const { stage } = this.options;
		if (action === 'result')
			await respond(exchange, script.next('result'), () => this.#result(job), stage);
		else if (action === 'cancel')
			await respond(exchange, script.next('cancel'), () => this.#cancel(job), stage);
		else if (action === 'status')
			await respond(exchange, script.next('status'), () => this.#status(job, exchange), stage);
		else await this.#stream(exchange, job, script.next('stream'));
	}

	async #stream(
		exchange: Exchange,
		job: Job,
		fault: CallFault | StreamFault | null,
	): Promise<void> {
		const { variants, stage } = this.options;
		const status = () => this.#statusBody(job, exchange);
		const stream = (streamFault: StreamFault | null) =>
			streamStatus(exchange, job, status, streamFault, {
				commentMs: variants.streamCommentMs,
				isOpenAfter: () => this.#isFailed(job),
			});
		if (isStreamFault(fault)) return await stream(fault);
		await respond(exchange, fault, () => () => stream(null), stage);
	}

	#urls({ record }: Job): JsonObject {
		const url = `${this.options.origin}/${APPLICATION}/requests/${record.request_id}`;
		return { response_url: url, status_url: `${url}/status`, cancel_url: `${url}/cancel` };
	}

	#waitingStatus(job: Job): JsonObject {
		return {
			status: 'IN_QUEUE',
			request_id: job.record.request_id,
			queue_position: this.options.jobs.position(job),
		};
	}

	#statusBody(job: Job, exchange: Exchange): JsonObject {
		const { record } = job;
		if (record.state === 'IN_QUEUE') return { ...this.#waitingStatus(job), ...this.#urls(job) };
		const logs = exchange.url.searchParams.get('logs') === '1' ? [...job.logs] : null;
		const status = this.#isFailed(job) ? 'FAILED' : record.state;
		const body = { status, request_id: record.request_id, ...this.#urls(job), logs };
		return record.state === 'COMPLETED' ? { ...body, ...completion(job) } : body;
	}

	#isFailed({ record }: Job): boolean {
		const failed = record.state === 'COMPLETED' && (record.resultStatus ?? 200) >= 400;
		return failed && this.options.variants.failedStatus === 'FAILED';
	}

	#status(job: Job, exchange: Exchange): HttpResponse {
		const code = job.record.state === 'COMPLETED' ? 200 : this.options.variants.waitingStatus;
		return json(code, this.#statusBody(job, exchange), {
			'x-fal-request-id': job.record.request_id,
		});
	}

	#result(job: Job): HttpResponse {
		const { variants, resultLifetimeSeconds } = this.options;
		const id = { 'x-fal-request-id': job.record.request_id };
		if (!job.response) return json(variants.earlyResultStatus, responses.EARLY_RESULT, id);
		if (job.isExpired(resultLifetimeSeconds)) return json(404, responses.RESULT_NOT_FOUND, id);
		const { status, body, headers, billableUnits } = job.response;
		const billed: Record<string, string> =
			billableUnits === null ? {} : { 'x-fal-billable-units': billableUnits };
		return json(status, body, { ...id, ...billed, ...headers });
	}

	#cancel(job: Job): HttpResponse {
		if (!this.options.jobs.cancel(job)) return json(400, { status: 'ALREADY_COMPLETED' });
		return this.options.variants.cancelStatus === 200
			? json(200, { success: true })
			: json(202, { status: 'CANCELLATION_REQUESTED' });
	}
}

/**
 * What COMPLETED adds: the time of the run, and fal's own errors. A model's error is not shown
 * here, only by the result.
 */
function completion({ record, response: ended }: Job): JsonObject {
	const { startedAt, endedAt } = record;
	const seconds = startedAt && endedAt ? (endedAt.getTime() - startedAt.getTime()) / 1000 : null;
	const metrics = { inference_time: ended?.status === 200 ? seconds : null };
	const body = ended?.body;
	if (!isObject(body) || body.error_type === undefined) return { metrics };
	return { metrics, error: body.detail ?? null, error_type: body.error_type };
}
