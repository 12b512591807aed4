import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import pLimit from 'p-limit';
import type { VideoInput } from '../endpoints/Endpoint';
import type { InputName } from '../endpoints/inputs';
import type { FactsByInput } from '../endpoints/videoShape';
import { readStored, type StoredFile } from '../fal/storage/storedFile';
import type { Upload } from '../fal/storage/uploadFile';
import type { InputFault } from '../parameters/checkInput';
import { InvalidParametersError } from '../parameters/InvalidParametersError';
import type { InputFile } from '../parameters/reading/values/readBinary';
import { fileKinds } from './fileKinds';
import { type MediaFacts, mediaFacts } from './media/mediaFacts';

/*
 * Rules:
 * - a file is read and checked before the first item is submitted, and uploaded only when an item that
 *   needs it is;
 * - inputs are compared by the content of their files: an upload of the same file has another address
 *   each time, and a retry must find its request all the same.
 */

/** A file of the workflow, read and fit to be uploaded, and where its address belongs in the input. */
export interface ItemFile extends Pick<InputFile, 'path' | 'kind'> {
	upload: Upload;
}

/** What files are read with. */
type FileContext = Pick<IExecuteFunctions, 'helpers' | 'getExecutionCancelSignal'>;

/** The files of one run of the node that are in its items. */
export class ItemFiles {
	/** By n8n's id, or the content itself: many items may hold the same file. */
	private readonly known = new Map<string, Promise<StoredFile>>();

	private readonly knownFacts = new Map<StoredFile, Promise<MediaFacts | undefined>>();

	/** With n8n's database or memory each file is held whole while it is read. */
	private readonly limit = pLimit(1);

	constructor(private readonly context: FileContext) {}

	/**
	 * Reads the files of one item, each distinct one once, and what can be known of them.
	 *
	 * @throws InvalidParametersError that names every field whose file is none for fal; n8n's error when
	 * its store doesn't have a file
	 */
	async read(files: InputFile[]): Promise<{ files: ItemFile[]; facts: FactsByInput }> {
		const read: ItemFile[] = [];
		const facts: FactsByInput = {};
		const faults: InputFault[] = [];
		for (const { path, field, kind, binary } of files) {
			const file = await this.readOnce(binary);
			const { instead, name, contentType } = fileKinds[kind](file, binary.fileName ?? '');
			read.push({ path, kind, upload: { file, name, contentType } });
			if (instead !== undefined) {
				const value = binary.fileName ?? 'a file without a name';
				faults.push({ path: field, value, allowed: instead });
			} else if (kind !== 'lora') {
				const known = await this.factsOf(file, contentType);
				// Of a video that is given for its sound, the sound counts.
				const seconds = kind === 'audio' ? known?.soundSeconds : known?.seconds;
				facts[path[0] as InputName] = { ...known, seconds };
			}
		}
		if (faults.length > 0) throw new InvalidParametersError(faults);
		return { files: read, facts };
	}

	private async factsOf(file: StoredFile, contentType: string): Promise<MediaFacts | undefined> {
		const { signal: never } = new AbortController();
		const signal = this.context.getExecutionCancelSignal() ?? never;
		const reading = this.knownFacts.get(file) ?? mediaFacts(file, contentType, signal);
		this.knownFacts.set(file, reading);
		return await reading;
	}

	private async readOnce(binary: IBinaryData): Promise<StoredFile> {
		const key = binary.id ?? binary.data;
		const signal = this.context.getExecutionCancelSignal();
		const reading =
			this.known.get(key) ??
			this.limit(async () => await readStored(this.context.helpers, binary, signal));
		this.known.set(key, reading);
		return await reading;
	}
}

/** What stands for each file where inputs are compared. No link can look like it. */
export function identityOf({ upload }: ItemFile): { sha256: string } {
	return { sha256: upload.file.sha256 };
}

/** An input with other values where its files belong. */
export function withFiles(
	input: VideoInput,
	values: Array<{ path: ItemFile['path']; value: unknown }>,
): Record<string, unknown> {
	return values.reduce<Record<string, unknown>>(
		(changed, { path, value }) => withValue(changed, path, value) as Record<string, unknown>,
		input,
	);
}

function withValue(whole: unknown, [key, ...rest]: ItemFile['path'], value: unknown): unknown {
	if (key === undefined) return value;
	if (Array.isArray(whole)) {
		return whole.map((one: unknown, n) => (n === key ? withValue(one, rest, value) : one));
	}
	const fields = whole as Record<string, unknown>;
	return { ...fields, [key]: withValue(fields[key], rest, value) };
}
