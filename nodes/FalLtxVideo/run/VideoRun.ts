import type { IExecuteFunctions } from 'n8n-workflow';
import { currentPrice, type PriceWithSource } from '../cost/currentPrice';
import type { Endpoint } from '../endpoints/Endpoint';
import { LoraFiles } from '../files/LoraFiles';
import { loraHints } from '../output/hints/loraHints';
import { shapeHints } from '../output/hints/shapeHints';
import type { VideoFields } from '../parameters/fields/videoFields';
import { readRunOptions, type RunOptions } from '../parameters/reading/readOptions';
import type { RequestStore } from '../request/records/RequestStore';
import { Accounts } from './Accounts';
import type { PreparedItem } from './PreparedItem';
import { requestStoreOf } from './requestStoreOf';

/** What the items of one run of a node share that generates videos. */
export interface VideoRun {
	endpoint: Endpoint;
	fields: VideoFields;
	accounts: Accounts;
	quotedPrice: PriceWithSource;
	store: RequestStore;
	loraFiles: LoraFiles;
	/** What holds for the run as a whole. */
	options: RunOptions;
	hintAtShape: ReturnType<typeof shapeHints>;
	hintAtLoras: ReturnType<typeof loraHints>;
	/** All items, once they are prepared. */
	prepared: Map<number, PreparedItem>;
}

/** @throws n8n's error without a credential, FalError without a price, InvalidParametersError */
export async function startRun(
	context: IExecuteFunctions,
	endpoint: Endpoint,
	fields: VideoFields,
): Promise<VideoRun> {
	const store = requestStoreOf(context);
	const accounts = new Accounts(context, store);
	const options = readRunOptions(context);
	const quotedPrice = await currentPrice(
		options.priceSource,
		endpoint,
		async () => (await accounts.of(0)).fal,
		context.getExecutionCancelSignal(),
	);
	return {
		endpoint,
		fields,
		accounts,
		quotedPrice,
		store,
		options,
		loraFiles: new LoraFiles(context),
		hintAtShape: shapeHints(context, endpoint),
		hintAtLoras: loraHints(context),
		prepared: new Map(),
	};
}
