import pLimit from 'p-limit';
import { unlessAborted } from '../fal/http/pause';
import { type Storage, type Upload, uploadFile } from '../fal/storage/uploadFile';

/*
 * Rule: within one run each distinct file is uploaded once, however many items use it and however
 * many copies of it n8n keeps: files are identified by their content.
 */

/** Each holds one part in memory; more at once would only share the same line. */
const AT_ONCE = 3;

/** One file on its way. */
interface ActiveUpload {
	url: Promise<string>;
	/** How many wait for it. */
	waiting: number;
	/** Aborts it when no item waits any longer. */
	abort: AbortController;
}

/** The uploads of one run of a node. */
export class Uploads {
	private readonly active = new Map<string, ActiveUpload>();

	private readonly limit = pLimit(AT_ONCE);

	constructor(private readonly storage: Storage) {}

	/**
	 * The address of a file in fal's storage. What failed for one item fails for all: it was tried
	 * long enough.
	 *
	 * @throws as uploadFile; the signal's reason when it aborts, while others may continue to wait
	 */
	async url(upload: Upload, signal: AbortSignal): Promise<string> {
		const key = upload.file.sha256;
		const underway = this.active.get(key) ?? this.start(key, upload);
		underway.waiting++;
		try {
			return await unlessAborted(underway.url, signal);
		} finally {
			underway.waiting--;
			if (signal.aborted && underway.waiting === 0) {
				this.active.delete(key);
				underway.abort.abort(signal.reason);
			}
		}
	}

	private start(key: string, upload: Upload): ActiveUpload {
		const abort = new AbortController();
		const url = this.limit(async () => {
			abort.signal.throwIfAborted();
			return await uploadFile(this.storage, upload, abort.signal);
		});
		// Each waiting item gets the failure; without one it is not needed.
		url.catch(() => undefined);
		const underway: ActiveUpload = { url, waiting: 0, abort };
		this.active.set(key, underway);
		return underway;
	}
}
