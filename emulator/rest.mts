import { INVALID_KEY } from './responses.mts';
import { respond, type FaultStage } from './faults.mts';
import { isObject, parseExact, type JsonValue } from './json.mts';
import { json, type HttpResponse, type Exchange } from './listener.mts';
import type { RouteFaults } from './routeFaults.mts';
import type { Uploads } from './uploads.mts';

export interface RestOptions {
	apiKey: string;
	uploads: Uploads;
	routeFaults: RouteFaults;
	stage: FaultStage;
	/** The public keys of the webhooks' signatures. */
	jwks(): JsonValue;
	/** Origin of the CDN. */
	cdn: string;
}

/** The REST host's routes (rest.fal.ai): storage, and the keys of webhook signatures. */
export class Rest {
	constructor(readonly options: RestOptions) {}

	async handle(exchange: Exchange): Promise<void> {
		const { routeFaults, stage, jwks } = this.options;
		switch (`${exchange.call.method} ${exchange.url.pathname}`) {
			case 'GET /.well-known/jwks.json':
				return await respond(exchange, routeFaults.next('jwks'), () => json(200, jwks()), stage);
			case 'POST /storage/upload/initiate':
				return await this.#initiate(exchange, false);
			case 'POST /storage/upload/initiate-multipart':
				return await this.#initiate(exchange, true);
			default:
				return await exchange.send(json(404, { detail: 'Not Found' }));
		}
	}

	async #initiate(exchange: Exchange, isMultipart: boolean): Promise<void> {
		if (exchange.header('authorization') !== `Key ${this.options.apiKey}`)
			return await exchange.send(json(401, INVALID_KEY));
		const body = (await exchange.body()).toString();
		const { routeFaults, stage } = this.options;
		await respond(
			exchange,
			routeFaults.next('upload'),
			() => this.#places(body, isMultipart),
			stage,
		);
	}

	#places(body: string, isMultipart: boolean): HttpResponse {
		const asked = parseExact(body);
		if (!isObject(asked) || typeof asked.file_name !== 'string')
			return json(422, { detail: 'file_name and content_type are needed' });
		const contentType = String(asked.content_type ?? 'application/octet-stream');
		const places = this.options.uploads.expect(asked.file_name, contentType, isMultipart);
		return json(200, {
			upload_url: this.options.cdn + places.uploadPath,
			file_url: this.options.cdn + places.filePath,
		});
	}
}
