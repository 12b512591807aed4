import type { IExecuteFunctions } from 'n8n-workflow';
import { checkItemLimit } from '../cost/costLimits';
import { estimate } from '../cost/estimate';
import { shapeOf } from '../endpoints/videoShape';
import { identities, withPaths } from '../files/LoraFiles';
import { readInput } from '../parameters/reading/readInput';
import { readVideoOptions } from '../parameters/reading/readOptions';
import { fingerprint } from '../request/records/fingerprint';
import type { PreparedItem } from './PreparedItem';
import type { VideoRun } from './VideoRun';

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
