import { createHash } from 'node:crypto';

import { fault, type FieldError } from './checks.mts';
import type { ValidInput } from './endpoints/fields.mts';

/** A LoRA that the model has downloaded from this fal's own CDN. */
export interface FetchedLora {
	path: string;
	/** In bytes. */
	size: number;
	/** Of its content, in hex. */
	sha256: string;
}

/** Where LoRAs come from. */
export interface LoraSources {
	/** Origin of the CDN. */
	cdn: string;
	/** The weight files of Hugging Face repositories; one that is not named here has one file. */
	repositories: Readonly<Record<string, readonly string[]>>;
}

type Lora = NonNullable<ValidInput['loras']>[number];

/** Addresses of pages about a file, which are no file (endpoint page: a repository or a file's URL). */
const PAGES = [
	/^https?:\/\/huggingface\.co\/.*\/(blob|tree)\//,
	/^https?:\/\/huggingface\.co\/[^/]+\/[^/]+\/?$/,
	/^https?:\/\/civitai\.com\/models\//,
	/^https?:\/\/github\.com\/[^/]+\/[^/]+\/blob\//,
	/^https?:\/\/drive\.google\.com\/file\//,
	/^https?:\/\/www\.dropbox\.com\/.*[?&]dl=0$/,
];

const DOWNLOAD_FAILED =
	'Failed to download the file. Check that the URL is public and leads to a file.';

/**
 * Gets the LoRAs of a job as a runner does. Of all hosts only this fal's own CDN is really asked;
 * every other address that looks like a file is taken to be one.
 * @returns what was downloaded, or every LoRA that could not be downloaded.
 */
export async function fetchLoras(
	loras: readonly Lora[],
	sources: LoraSources,
	signal: AbortSignal,
): Promise<{ fetched: FetchedLora[] } | { errors: FieldError[] }> {
	const errors: FieldError[] = [];
	const fetched: FetchedLora[] = [];
	for (const [n, lora] of loras.entries()) {
		weightFileFault(lora, n, sources, errors);
		const isOwn = lora.path.startsWith(`${sources.cdn}/`);
		const file = isOwn ? await download(lora.path, signal) : undefined;
		if (file) fetched.push(file);
		if (PAGES.some((page) => page.test(lora.path)) || (isOwn && !file)) {
			const loc = ['body', 'loras', n, 'path'];
			fault(errors, loc, 'file_download_error', DOWNLOAD_FAILED, lora.path);
		}
	}
	return errors.length ? { errors } : { fetched };
}

/** Which file of a repository is meant has to be said where there are several. */
function weightFileFault(
	{ path, weight_name }: Lora,
	n: number,
	{ repositories }: LoraSources,
	errors: FieldError[],
): void {
	const files = repositories[path] ?? [];
	if (files.length < 2 || files.includes(weight_name ?? '')) return;
	const msg = `Several weight files found in ${path}: ${files.join(', ')}`;
	fault(errors, ['body', 'loras', n, 'weight_name'], 'value_error', msg, weight_name ?? null);
}

/** @returns undefined when it is not there. */
async function download(path: string, signal: AbortSignal): Promise<FetchedLora | undefined> {
	const response = await fetch(path, { signal });
	const hash = createHash('sha256');
	let size = 0;
	for await (const chunk of response.body ?? []) {
		hash.update(chunk as Uint8Array);
		size += (chunk as Uint8Array).length;
	}
	return response.ok ? { path, size, sha256: hash.digest('hex') } : undefined;
}
