import type { IExecuteFunctions } from 'n8n-workflow';
import { currentPrices, type Prices } from '../cost/currentPrice';
import { endpoints } from '../endpoints';
import type { Task } from '../endpoints/tasks/Task';
import { ItemFiles } from '../files/ItemFiles';
import { inputHints } from '../output/hints/inputHints';
import { shapeHints } from '../output/hints/shapeHints';
import type { VideoFields } from '../parameters/fields/videoFields';
import { readRunOptions, type RunOptions } from '../parameters/reading/readOptions';
import type { RequestStore } from '../request/records/RequestStore';
import { Accounts } from './Accounts';
import type { PreparedItem } from './PreparedItem';
import { requestStoreOf } from './requestStoreOf';

/** What the items of one run of a node share that generates videos. */
export interface VideoRun {
	task: Task;
	fields: VideoFields;
	accounts: Accounts;
	prices: Prices;
	store: RequestStore;
	itemFiles: ItemFiles;
	/** What holds for the run as a whole. */
	options: RunOptions;
	hintAtShape: ReturnType<typeof shapeHints>;
	hintAtInput: ReturnType<typeof inputHints>;
	/** All items, once they are prepared. */
	prepared: Map<number, PreparedItem>;
}

/** @throws n8n's error without a credential, FalError without a price, InvalidParametersError */
export async function startRun(
	context: IExecuteFunctions,
	task: Task,
	fields: VideoFields,
): Promise<VideoRun> {
	const store = requestStoreOf(context);
	const accounts = new Accounts(context, store);
	const options = readRunOptions(context);
	const prices = await currentPrices(
		options.priceSource,
		endpoints.filter((endpoint) => endpoint.task === task),
		async () => (await accounts.of(0)).fal,
		context.getExecutionCancelSignal(),
	);
	return {
		...{ task, fields, accounts, prices, store, options },
		itemFiles: new ItemFiles(context),
		hintAtShape: shapeHints(context),
		hintAtInput: inputHints(context),
		prepared: new Map(),
	};
}
