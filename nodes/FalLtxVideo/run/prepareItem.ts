import type { IExecuteFunctions } from 'n8n-workflow';
import { checkItemLimit } from '../cost/costLimits';
import { itemCost } from '../cost/itemCost';
import { shapeOf } from '../endpoints/videoShape';
import { isPublicAddress } from '../fal/http/publicAddress';
import { identityOf, withFiles } from '../files/ItemFiles';
import { readInput } from '../parameters/reading/input/readInput';
import { withDuration } from '../parameters/reading/input/readLength';
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
	const { task, fields, accounts, prices, store, itemFiles, hintAtShape, hintAtInput } = run;
	const account = await accounts.of(itemIndex);
	const isPublic = isPublicAddress(account.fal.hosts.queue);
	const read = readInput(context, itemIndex, task, fields, isPublic);
	const options = readVideoOptions(context, itemIndex);
	const { endpoint } = read;
	const price = prices.of(endpoint);
	const { files, facts } = await itemFiles.read(read.files);
	const input = withDuration(read, facts);
	const estimated = itemCost(task, shapeOf(endpoint, input, facts), price);
	hintAtShape(input);
	hintAtInput([...read.hints, ...estimated.unknown.map(costHint)]);
	const identities = files.map((file) => ({ path: file.path, value: identityOf(file) }));
	const draft = withFiles(input, identities);
	const identity = fingerprint(endpoint.id, draft);
	const earlierEstimate = store.earlierEstimate(itemIndex, identity);
	if (earlierEstimate === undefined) checkItemLimit(estimated, options.maxCostPerItem, price);
	const prepared = { endpoint, account, input, files, draft, fingerprint: identity, options };
	return { ...prepared, price, estimated, earlierEstimate };
}

const costHint = (reason: string) => `The cost can't be known beforehand. ${reason}.`;
