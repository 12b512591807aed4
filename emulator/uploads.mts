import { createHash, randomBytes } from 'node:crypto';

import type { FileStore } from './files.mts';
import { isObject, parseExact, type JsonValue } from './json.mts';
import { json, type Answer, type Exchange } from './listener.mts';

/** A file that storage expects. */
interface Upload {
	name: string;
	contentType: string;
	/** Path on the CDN where it will be. */
	filePath: string;
	/** By their numbers, from 1 on. */
	parts: Map<number, Buffer>;
	isMultipart: boolean;
}

/** What a client gets to know of its upload. */
export interface UploadPlaces {
	uploadPath: string;
	filePath: string;
}

const md5 = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`;

/** Uploads to storage: `PUT` of the whole, or parts and then `complete`. */
export class Uploads {
	readonly #expected = new Map<string, Upload>();

	constructor(readonly files: FileStore) {}

	expect(name: string, contentType: string, isMultipart: boolean): UploadPlaces {
		const token = randomBytes(16).toString('hex');
		const filePath = this.files.newPath(name);
		this.#expected.set(token, { name, contentType, filePath, isMultipart, parts: new Map() });
		return { uploadPath: `/uploads/${token}`, filePath };
	}

	/** Takes one call to a place given by `expect`. */
	async receive(exchange: Exchange): Promise<Answer> {
		const [, , token = '', step] = exchange.url.pathname.split('/');
		const upload = this.#expected.get(token);
		return upload ? await this.#take(exchange, upload, step) : json(404, { detail: 'Not found' });
	}

	async #take(exchange: Exchange, upload: Upload, step: string | undefined): Promise<Answer> {
		const body = await exchange.body();
		const { method } = exchange.call;
		if (method === 'PUT' && step === undefined && !upload.isMultipart)
			return await this.#store(upload, body);
		const number = Number(step);
		if (method === 'PUT' && upload.isMultipart && Number.isInteger(number) && number > 0) {
			upload.parts.set(number, body);
			return json(200, { partNumber: number, etag: md5(body) }, { etag: md5(body) });
		}
		if (method === 'POST' && upload.isMultipart && step === 'complete')
			return await this.#complete(upload, parseExact(body.toString()));
		return json(405, { detail: 'Method Not Allowed' });
	}

	async #complete(upload: Upload, body: JsonValue): Promise<Answer> {
		const named = isObject(body) && Array.isArray(body.parts) ? (body.parts as JsonValue[]) : [];
		const parts = named.map((part) => {
			const bytes = isObject(part) ? upload.parts.get(Number(part.partNumber)) : undefined;
			return isObject(part) && bytes && part.etag === md5(bytes) ? bytes : undefined;
		});
		const bytes = parts.filter((part) => part !== undefined);
		if (!bytes.length || bytes.length !== parts.length || bytes.length !== upload.parts.size)
			return json(400, { detail: 'The parts are not those that were uploaded' });
		return await this.#store(upload, Buffer.concat(bytes));
	}

	async #store({ name, contentType, filePath }: Upload, bytes: Buffer): Promise<Answer> {
		await this.files.write({ name, contentType, path: filePath }, bytes);
		return json(200, {});
	}
}
