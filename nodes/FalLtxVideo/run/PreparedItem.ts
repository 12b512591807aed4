import type { ItemCost } from '../cost/costLimits';
import type { Endpoint, Price, VideoInput } from '../endpoints/Endpoint';
import type { ItemFile } from '../files/ItemFiles';
import type { VideoOptions } from '../parameters/reading/readOptions';
import type { Account } from './Accounts';

/** One item, read, validated and estimated: ready to be submitted. */
export interface PreparedItem {
	endpoint: Endpoint;
	account: Account;
	/** As it is sent, but for the addresses of its files. */
	input: VideoInput;
	files: ItemFile[];
	/** The input with the content of its files in place of their addresses. */
	draft: Record<string, unknown>;
	/** Of the draft. */
	fingerprint: string;
	options: VideoOptions;
	price: Price;
	estimated: ItemCost;
	/**
	 * Of what an earlier try submitted for it, while that is collected instead of a new submit; null when
	 * it was not known.
	 */
	earlierEstimate?: string | null;
}
