import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

import type { FileStore } from './files.mts';
import { isObject, parseExact, type JsonValue } from './json.mts';
import { json, type HttpResponse, type Exchange } from './listener.mts';

/** A part that has arrived. */
interface Part {
	/** Place on the disk. */
	location: string;
	etag: string;
}

/** A file that storage expects. */
interface Upload {
	name: string;
	contentType: string;
	/** Path on the CDN where it will be. */
	filePath: string;
	/** By their numbers, from 1 on. */
	parts: Map<number, Part>;
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
	async receive(exchange: Exchange): Promise<HttpResponse> {
		const [, , token = '', step] = exchange.url.pathname.split('/');
		const upload = this.#expected.get(token);
		return upload ? await this.#take(exchange, upload, step) : json(404, { detail: 'Not found' });
	}

	async #take(exchange: Exchange, upload: Upload, step: string | undefined): Promise<HttpResponse> {
		const body = await exchange.body();
		const { method } = exchange.call;
		if (method === 'PUT' && step === undefined && !upload.isMultipart)
			return await this.#storeWhole(upload, body);
		const number = Number(step);
		if (method === 'PUT' && upload.isMultipart && Number.isInteger(number) && number > 0)
			return await this.#storePart(upload, number, body);
		if (method === 'POST' && upload.isMultipart && step === 'complete')
			return await this.#complete(upload, parseExact(body.toString()));
		return json(405, { detail: 'Method Not Allowed' });
	}

	async #storeWhole(upload: Upload, bytes: Buffer): Promise<HttpResponse> {
		const location = this.files.newLocation();
		await writeFile(location, bytes);
		return await this.#store(upload, location);
	}

	async #storePart(upload: Upload, number: number, bytes: Buffer): Promise<HttpResponse> {
		const part = { location: this.files.newLocation(), etag: md5(bytes) };
		await writeFile(part.location, bytes);
		upload.parts.set(number, part);
		return json(200, { partNumber: number, etag: part.etag }, { etag: part.etag });
	}

	async #complete(upload: Upload, body: JsonValue): Promise<HttpResponse> {
		const named = isObject(body) && Array.isArray(body.parts) ? (body.parts as JsonValue[]) : [];
		const parts = named.map((part) => {
			const kept = isObject(part) ? upload.parts.get(Number(part.partNumber)) : undefined;
			return isObject(part) && part.etag === kept?.etag ? kept : undefined;
		});
		const good = parts.filter((part) => part !== undefined);
		if (!good.length || good.length !== parts.length || good.length !== upload.parts.size)
			return json(400, { detail: 'The parts are not those that were uploaded' });
		const location = this.files.newLocation();
		for (const part of good) {
			const whole = createWriteStream(location, { flags: 'a' });
			await pipeline(createReadStream(part.location), whole);
		}
		return await this.#store(upload, location);
	}

	async #store({ name, contentType, filePath }: Upload, location: string): Promise<HttpResponse> {
		await this.files.add({ name, contentType, path: filePath, location });
		return json(200, {});
	}
}
