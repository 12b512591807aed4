import pLimit from 'p-limit';
import { unlessAborted } from '../fal/http/pause';
import { type Storage, type Upload, uploadFile } from '../fal/storage/uploadFile';

/*
 * Rule: within one run each distinct file is uploaded once, however many items use it and however
 * many copies of it n8n keeps: files are told apart by their content.
 */

/** Each holds one part in memory; more at once would only share the same line. */
const AT_ONCE = 3;

/** One file on its way. */
interface Underway {
	url: Promise<string>;
	/** How many wait for it. */
	waiting: number;
	/** Ends it when nobody waits any longer. */
	abort: AbortController;
}

/** The uploads of one run of a node. */
export class Uploads {
	private readonly underway = new Map<string, Underway>();

	private readonly lane = pLimit(AT_ONCE);

	constructor(private readonly storage: Storage) {}

	/**
	 * The address of a file in fal's storage. What failed for one item fails for all: it was tried
	 * long enough.
	 *
	 * @throws as uploadFile; the signal's reason when it aborts, while others may go on waiting
	 */
	async url(upload: Upload, signal: AbortSignal): Promise<string> {
		const key = upload.file.sha256;
		const underway = this.underway.get(key) ?? this.begin(key, upload);
		underway.waiting++;
		try {
			return await unlessAborted(underway.url, signal);
		} finally {
			underway.waiting--;
			if (signal.aborted && underway.waiting === 0) {
				this.underway.delete(key);
				underway.abort.abort(signal.reason);
			}
		}
	}

	private begin(key: string, upload: Upload): Underway {
		const abort = new AbortController();
		const url = this.lane(async () => {
			abort.signal.throwIfAborted();
			return await uploadFile(this.storage, upload, abort.signal);
		});
		// Whoever waits hears of a failure; when nobody does any longer, it is nobody's.
		url.catch(() => undefined);
		const underway: Underway = { url, waiting: 0, abort };
		this.underway.set(key, underway);
		return underway;
	}
}
