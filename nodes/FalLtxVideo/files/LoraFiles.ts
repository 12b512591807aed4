import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import pLimit from 'p-limit';
import type { InputFault } from '../parameters/checkInput';
import type { VideoInput } from '../endpoints/Endpoint';
import type { Upload } from '../fal/storage/uploadFile';
import { readStored, type StoredFile } from '../fal/storage/storedFile';
import { InvalidParametersError } from '../parameters/InvalidParametersError';
import { otherContent } from './safetensors';

/*
 * Rules:
 * - a file is read and checked before the first item is submitted, and uploaded only when an item that
 *   needs it is;
 * - inputs are compared by the content of their files: an upload of the same file has another address
 *   each time, and a retry must find its request all the same.
 */

/** A LoRA that is a file of the workflow, read and fit to be uploaded. */
export type LoraFile = Upload;

/** What files are read with. */
type FileContext = Pick<IExecuteFunctions, 'helpers' | 'getExecutionCancelSignal'>;

/** The LoRAs of one run of the node that are files of its items. */
export class LoraFiles {
	/** By n8n's id, or the content itself: many items may hold the same file. */
	private readonly known = new Map<string, Promise<StoredFile>>();

	/** With n8n's database or memory each file is held whole while it is read. */
	private readonly limit = pLimit(1);

	constructor(private readonly context: FileContext) {}

	/**
	 * Reads the files of one item, each distinct one once.
	 *
	 * @param files n8n's binary data, by their rows
	 * @throws InvalidParametersError that names every row whose file is none for fal; n8n's error when
	 * its store doesn't have a file
	 */
	async read(files: Map<number, IBinaryData>): Promise<Map<number, LoraFile>> {
		const read = new Map<number, LoraFile>();
		const faults: InputFault[] = [];
		for (const [row, binary] of files) {
			const file = await this.readOnce(binary);
			const instead = otherContent(file);
			read.set(row, { file, name: nameAtFal(binary) });
			if (instead === undefined) continue;
			const value = binary.fileName ?? 'a file without a name';
			faults.push({ path: ['loras', row, 'binary_property_name'], value, allowed: instead });
		}
		if (faults.length > 0) throw new InvalidParametersError(faults);
		return read;
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
export function identities(files: Map<number, LoraFile>): Map<number, { sha256: string }> {
	return new Map([...files].map(([row, { file }]) => [row, { sha256: file.sha256 }]));
}

/** An input with other paths in some of its LoRAs. */
export function withPaths(input: VideoInput, paths: Map<number, unknown>): Record<string, unknown> {
	if (paths.size === 0) return input;
	const loras = input.loras?.map((lora, row) => ({ ...lora, path: paths.get(row) ?? lora.path }));
	return { ...input, loras };
}

/** fal identifies a file by its extension; what n8n got without one, or with another, is renamed. */
function nameAtFal({ fileName }: IBinaryData): string {
	const bare = (fileName ?? '').replace(/\.\w{1,12}$/, '');
	return `${bare || 'lora'}.safetensors`;
}
