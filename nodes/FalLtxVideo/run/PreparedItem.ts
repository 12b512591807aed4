import type { Estimate } from '../cost/estimate';
import type { Endpoint, VideoInput } from '../endpoints/Endpoint';
import type { LoraFile } from '../files/LoraFiles';
import type { VideoOptions } from '../parameters/reading/readOptions';
import type { Account } from './Accounts';

/** One item, read, validated and estimated: ready to be submitted. */
export interface PreparedItem {
	endpoint: Endpoint;
	account: Account;
	/** As it is sent, but for the paths of those LoRAs that are files. */
	input: VideoInput;
	/** The LoRAs that are files of the item, by their rows. */
	files: Map<number, LoraFile>;
	/** The input with the content of its files in place of their addresses. */
	draft: Record<string, unknown>;
	/** Of the draft. */
	fingerprint: string;
	options: VideoOptions;
	estimated: Estimate;
	/** Of what an earlier try submitted for it, while that is collected instead of a new submit. */
	earlierEstimate?: string;
}
