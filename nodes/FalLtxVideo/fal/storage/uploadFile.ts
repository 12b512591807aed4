import { z } from 'zod';
import { falFetch } from '../http/falFetch';
import { FalError } from '../errors/FalError';
import { FAL_HOSTS, type FalHosts } from '../hosts';
import { type FalHttp, type HttpResponse, type HttpCall, readText } from '../http/n8nHttp';
import { LIMITS } from '../http/limits';
import { isTransient, RETRY, retry } from '../http/retry';
import { piecesOf, type StoredFile } from './storedFile';

/*
 * fal's storage, as fal's own client uses it, which would need the whole file in memory. Rules:
 * - of a large file one part is in memory at a time, and one buffer serves all of them;
 * - the key goes to fal's REST host, which gives the place to upload to, and never to that place;
 * - an upload costs nothing, so each of its calls is retried while its failure is transient, but never
 *   without end.
 */

/** A file to be uploaded. */
export interface Upload {
	file: StoredFile;
	/** What fal names it. */
	name: string;
	contentType: string;
}

/** What uploads go through. */
export interface Storage {
	http: FalHttp;
	hosts: FalHosts;
}

/** Up to here a file is uploaded in one call (fal's client). */
const WHOLE_UP_TO_BYTES = 90 * 1024 * 1024;

/** The size of all parts but the last (fal's client). */
const PART_BYTES = 10 * 1024 * 1024;

/** The slowest line that is waited for, and what a call may take on top of its bytes. */
const SLOWEST_BYTES_PER_SECOND = 32 * 1024;
const ANSWER_WITHIN_MS = 60_000;

/** How many places are asked for when one refuses the file. */
const PLACES = 2;

const ANSWER_LIMIT_BYTES = 64 * 1024;

/** The place is no API of fal's: its status codes say nothing about the account. */
const NEXT =
	'Nothing is billed for it. Try again; if it is refused again, see whether a proxy or firewall lets no file of this size through.';

const place = z.object({
	upload_url: z.string().max(LIMITS.addressCharacters).url(),
	file_url: z.string().min(1).max(LIMITS.addressCharacters),
});

const part = z.object({ etag: z.string().min(1) });

/** Where a file goes, and where it will be. */
type Place = z.infer<typeof place>;

/** A place that doesn't take the file any longer: it expired, or was completed already. */
class PlaceRefusedError extends Error {
	override readonly name = 'PlaceRefusedError';

	constructor(readonly refusal: FalError) {
		super(refusal.message);
	}
}

/**
 * Uploads a file to fal's storage.
 *
 * @returns its address, which everybody who knows it can read
 * @throws FalError when it can't be uploaded; n8n's error when its store doesn't give the file; the
 * signal's reason when it aborts
 */
export async function uploadFile(
	storage: Storage,
	upload: Upload,
	signal: AbortSignal,
): Promise<string> {
	for (let places = 1; ; places++) {
		try {
			return await new Transfer(storage, upload, signal).run();
		} catch (error) {
			requireNewPlace(error, places);
		}
	}
}

/** @throws the error itself, unless a new place may do better than the one that was refused */
function requireNewPlace(error: unknown, places: number): void {
	if (!(error instanceof PlaceRefusedError)) throw error;
	if (places === PLACES) throw error.refusal;
}

/** One upload to one place. */
class Transfer {
	private readonly doing: string;

	constructor(
		private readonly storage: Storage,
		private readonly upload: Upload,
		private readonly signal: AbortSignal,
	) {
		this.doing = `Uploading ${upload.name}`;
	}

	async run(): Promise<string> {
		return this.upload.file.size > WHOLE_UP_TO_BYTES ? await this.inParts() : await this.whole();
	}

	private async whole(): Promise<string> {
		const { upload_url: url, file_url } = await this.initiate('initiate');
		const { file } = this.upload;
		await this.retried(async () => {
			const body = await file.open();
			try {
				await this.send({
					method: 'PUT',
					url,
					body,
					headers: { 'Content-Type': this.upload.contentType },
				});
			} finally {
				if (!Buffer.isBuffer(body)) body.destroy();
			}
		});
		return file_url;
	}

	private async inParts(): Promise<string> {
		const { upload_url, file_url } = await this.initiate('initiate-multipart');
		const { origin, pathname, search } = new URL(upload_url);
		const stepUrl = (step: string | number) => `${origin}${pathname}/${step}${search}`;
		const parts: Array<{ partNumber: number; etag: string }> = [];
		for await (const body of partsOf(piecesOf(await this.upload.file.open()))) {
			const partNumber = parts.length + 1;
			const url = stepUrl(partNumber);
			const etag = await this.retried(async () => await this.sendPart(url, body));
			parts.push({ partNumber, etag });
		}
		const body = JSON.stringify({ parts });
		const headers = { 'Content-Type': 'application/json' };
		await this.retried(
			async () => await this.send({ method: 'POST', url: stepUrl('complete'), body, headers }),
		);
		return file_url;
	}

	private async initiate(step: 'initiate' | 'initiate-multipart'): Promise<Place> {
		const { http, hosts } = this.storage;
		const fetch = falFetch(http, hosts, { doing: this.doing, signal: this.signal });
		const url = `${FAL_HOSTS.rest}/storage/upload/${step}?storage_type=fal-cdn-v3`;
		return await this.retried(async () => {
			const answer = await fetch(url, {
				method: 'POST',
				headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
				body: JSON.stringify({
					content_type: this.upload.contentType,
					file_name: this.upload.name,
				}),
			});
			const given = place.safeParse(await answer.json());
			if (!given.success) throw this.failed('unreadable', 200);
			return given.data;
		});
	}

	/** @returns the part's proof, which completing asks for */
	private async sendPart(url: string, body: Buffer): Promise<string> {
		const { text, headers } = await this.send({ method: 'PUT', url, body });
		const etag = part.safeParse(parsed(text)).data?.etag ?? headers.etag;
		if (!etag) throw this.failed('unreadable', 200);
		return etag;
	}

	/** @throws FalError for what is transient; PlaceRefusedError for what this place will answer again */
	private async send(
		call: Pick<HttpCall, 'method' | 'url' | 'body' | 'headers'>,
	): Promise<{ text: string; headers: HttpResponse['headers'] }> {
		const size = this.sizeOf(call.body);
		const sent: HttpCall = {
			...call,
			doing: this.doing,
			headers: { ...call.headers, 'Content-Length': String(size) },
			signal: this.signal,
			responseWithinMs: ANSWER_WITHIN_MS + (size / SLOWEST_BYTES_PER_SECOND) * 1000,
		};
		const answer = await this.storage.http.withoutKey(sent);
		const { status, headers } = answer;
		const text = await readText(sent, answer, {
			bytes: ANSWER_LIMIT_BYTES,
			withinMs: LIMITS.readWithinMs,
		});
		if (status >= 200 && status <= 299) return { text, headers };
		const refusal = this.failed('response', status);
		throw isTransient(refusal) ? refusal : new PlaceRefusedError(refusal);
	}

	private sizeOf(body: HttpCall['body']): number {
		const isSized = typeof body === 'string' || Buffer.isBuffer(body);
		return isSized ? Buffer.byteLength(body) : this.upload.file.size;
	}

	private failed(kind: 'response' | 'unreadable', status: number): FalError {
		const detail = 'the upload was refused';
		return new FalError({ kind, doing: this.doing, status, detail, next: NEXT });
	}

	private async retried<T>(call: () => Promise<T>): Promise<T> {
		return await retry(RETRY.upload, { signal: this.signal }, call);
	}
}

/** The bytes in parts of equal size. All are in the same memory: use one before asking for the next. */
async function* partsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
	const buffer = Buffer.allocUnsafe(PART_BYTES);
	let filled = 0;
	for await (const piece of pieces) {
		for (let at = 0; at < piece.length; ) {
			const taken = piece.subarray(at, at + PART_BYTES - filled);
			buffer.set(taken, filled);
			filled += taken.length;
			at += taken.length;
			if (filled < PART_BYTES) continue;
			yield buffer;
			filled = 0;
		}
	}
	if (filled > 0) yield buffer.subarray(0, filled);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
