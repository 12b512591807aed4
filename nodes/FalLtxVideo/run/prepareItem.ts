import type { IExecuteFunctions } from 'n8n-workflow';
import { checkItemLimit } from '../cost/costLimits';
import { type Estimate, estimate } from '../cost/estimate';
import type { Endpoint, VideoInput } from '../endpoints/Endpoint';
import { shapeOf } from '../endpoints/videoShape';
import { identities, type LoraFile, withPaths } from '../files/LoraFiles';
import { readInput } from '../parameters/reading/readInput';
import { readVideoOptions, type VideoOptions } from '../parameters/reading/readOptions';
import { fingerprint } from '../request/records/fingerprint';
import type { Account } from './Accounts';
import type { VideoRun } from './VideoRun';

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

/** @throws InvalidParametersError, CostLimitError, n8n's error without a credential; sends nothing */
export async function prepareItem(
	context: IExecuteFunctions,
	run: VideoRun,
	itemIndex: number,
): Promise<PreparedItem> {
	const { endpoint, fields, accounts, quotedPrice, store, loraFiles, hintAtShape, hintAtLoras } =
		run;
	const { input, files: binaries, hints } = readInput(context, itemIndex, endpoint, fields);
	const options = readVideoOptions(context, itemIndex);
	const shape = shapeOf(endpoint, input);
	const estimated = estimate(shape, quotedPrice.price);
	hintAtShape(shape);
	hintAtLoras(hints);
	const files = await loraFiles.read(binaries);
	const draft = withPaths(input, identities(files));
	const identity = fingerprint(endpoint.id, draft);
	const earlierEstimate = store.earlierEstimate(itemIndex, identity);
	const { maxCostPerItem } = options;
	if (earlierEstimate === undefined)
		checkItemLimit(estimated.cost, maxCostPerItem, quotedPrice.price);
	const account = await accounts.of(itemIndex);
	const read = { endpoint, account, input, files, draft, fingerprint: identity, options };
	return { ...read, estimated, earlierEstimate };
}
