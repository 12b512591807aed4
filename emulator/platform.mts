import { ENDPOINTS } from './endpoints/endpoints.mts';
import type { Price } from './endpoints/prices.mts';
import { respond, type FaultStage } from './faults.mts';
import type { Jobs, RequestRecord } from './jobs.mts';
import type { JsonObject } from './json.mts';
import { json, type HttpResponse, type Exchange } from './listener.mts';
import type { Variants } from './variants.mts';
import { validate } from './validation.mts';
import type { RouteFaults } from './routeFaults.mts';

export interface PlatformOptions {
	apiKey: string;
	/** By the ids of all endpoints. */
	prices: ReadonlyMap<string, Price>;
	jobs: Jobs;
	variants: Variants;
	routeFaults: RouteFaults;
	stage: FaultStage;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const DEFAULT_LIMIT = 50;
const GREATEST_LIMIT = 100;

function error(status: number, type: string, message: string): HttpResponse {
	return json(status, { error: { type, message } });
}

/** Which requests a status filter lets through (platform reference), by their status code. */
const FILTERS: Readonly<Record<string, (code: number) => boolean>> = {
	success: (code) => code < 400,
	user_error: (code) => code >= 400 && code < 500,
	error: (code) => code >= 500,
};

/** Time that the list is sorted by; what has not ended comes last. */
const endOf = (record: RequestRecord) => record.endedAt?.getTime() ?? Infinity;

/** The platform's routes (api.fal.ai/v1): the price of an endpoint, and the list of requests. */
export class Platform {
	constructor(readonly options: PlatformOptions) {}

	async handle(exchange: Exchange): Promise<void> {
		if (exchange.header('authorization') !== `Key ${this.options.apiKey}`)
			return await exchange.send(error(401, 'authorization_error', 'Invalid or missing API key'));
		const { routeFaults, stage } = this.options;
		const query = exchange.url.searchParams;
		switch (`${exchange.call.method} ${exchange.url.pathname}`) {
			case 'GET /v1/models/pricing':
				return await respond(
					exchange,
					routeFaults.next('pricing'),
					() => this.#price(query),
					stage,
				);
			case 'GET /v1/models/requests/by-endpoint':
				return await respond(
					exchange,
					routeFaults.next('requests'),
					() => this.#list(query),
					stage,
				);
			default:
				return await exchange.send(error(404, 'not_found', 'No such route'));
		}
	}

	#price(query: URLSearchParams): HttpResponse {
		const asked = new Set(query.getAll('endpoint_id').flatMap((ids) => ids.split(',')));
		const prices = [...asked].flatMap((id) => {
			const price = this.options.prices.get(id);
			return price ? [{ endpoint_id: id, ...price }] : [];
		});
		if (!prices.length) return error(404, 'not_found', 'No such endpoint');
		return json(200, { prices, next_cursor: null, has_more: false });
	}

	#list(query: URLSearchParams): HttpResponse {
		const [endpoint, second] = query.getAll('endpoint_id');
		const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
		if (!endpoint) return error(400, 'validation_error', 'endpoint_id is required');
		if (second !== undefined) return error(400, 'validation_error', 'endpoint_id is one endpoint');
		if (!(Number.isInteger(limit) && limit > 0 && limit <= GREATEST_LIMIT))
			return error(400, 'validation_error', `limit must be 1 to ${GREATEST_LIMIT}`);
		const found = ENDPOINTS.has(endpoint) ? this.#matching(endpoint, query) : [];
		const from = Number(query.get('cursor') ?? 0);
		const hasMore = from + limit < found.length;
		const withPayloads = query.getAll('expand').includes('payloads');
		const body = {
			items: found.slice(from, from + limit).map((record) => this.#item(record, withPayloads)),
			next_cursor: hasMore ? String(from + limit) : null,
			has_more: hasMore,
		};
		return json(200, body, { date: new Date(this.#now()).toUTCString() });
	}

	/** fal's own clock, in milliseconds since 1970. */
	#now(): number {
		return Date.now() + this.options.variants.clockAheadMs;
	}

	/** A time of this machine's clock as fal's own shows it. */
	#falTime(time: Date | undefined): Date | undefined {
		return time && new Date(time.getTime() + this.options.variants.clockAheadMs);
	}

	#matching(endpointId: string, query: URLSearchParams): RequestRecord[] {
		const { jobs, variants } = this.options;
		const end = Date.parse(query.get('end') ?? '') || this.#now();
		const start = Date.parse(query.get('start') ?? '') || end - DAY_MS;
		const id = query.get('request_id');
		const passes = FILTERS[query.get('status') ?? ''];
		return jobs.records
			.filter((record) => {
				const sent = record.submittedAt.getTime() + variants.clockAheadMs;
				return (
					record.endpointId === endpointId &&
					sent >= start &&
					sent <= end &&
					this.#now() >= sent + variants.listedAfterMs &&
					(record.state === 'COMPLETED' || variants.listsUnfinished) &&
					(!id || record.request_id === id) &&
					(!passes || (record.resultStatus !== undefined && passes(record.resultStatus)))
				);
			})
			.sort((one, other) => (endOf(one) === endOf(other) ? 0 : endOf(one) - endOf(other)));
	}

	#item(record: RequestRecord, withPayloads: boolean): JsonObject {
		const { startedAt, endedAt } = record;
		return {
			request_id: record.request_id,
			endpoint_id: record.endpointId,
			sent_at: this.#falTime(record.submittedAt)!.toISOString(),
			started_at: this.#falTime(startedAt)?.toISOString() ?? null,
			ended_at: this.#falTime(endedAt)?.toISOString() ?? null,
			status_code: record.resultStatus ?? null,
			duration: startedAt && endedAt ? (endedAt.getTime() - startedAt.getTime()) / 1000 : null,
			...(withPayloads && this.#payloads(record)),
		};
	}

	#listedInput({ endpointId, input, rawBody }: RequestRecord): JsonObject {
		if (this.options.variants.listedInput === 'as sent') return input;
		const checked = validate(rawBody, endpointId);
		return 'input' in checked ? ({ ...checked.input } as unknown as JsonObject) : input;
	}

	/** `X-Fal-Store-IO: 0` keeps both out of the history, `sync_mode` the output. */
	#payloads(record: RequestRecord): JsonObject {
		if (!this.options.variants.listHasPayloads || record.headers['x-fal-store-io'] === '0')
			return {};
		const hasOutput = record.output !== undefined && record.input.sync_mode !== true;
		return {
			json_input: this.#listedInput(record),
			...(hasOutput && { json_output: record.output }),
		};
	}
}
