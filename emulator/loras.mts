import { fault, type FieldError } from './checks.mts';
import type { ValidInput } from './endpoints/fields.mts';
import { download, DOWNLOAD_FAILED, isPage } from './media/download.mts';

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
		if (file) fetched.push({ path: lora.path, size: file.size, sha256: file.sha256 });
		if (isPage(lora.path) || (isOwn && !file)) {
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
