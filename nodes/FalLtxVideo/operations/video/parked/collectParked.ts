import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../../endpoint/ltx23DistilledTextToVideoLora';
import { connect } from '../../../fal/connection';
import { beforeDeadline } from '../../../request/deadline';
import { collect } from '../../../request/generateVideo';
import { eachItem } from '../../eachItem';
import { ledgerOf } from '../../ledgerOf';
import { EarlierFailure } from '../../nodeErrors';
import { deliver } from '../deliver';
import { purchasesText } from '../order';
import { RunCost } from '../runCost';
import type { Parking } from './parking';

/**
 * Fetches the videos that a run was parked for. Nothing is bought here, and no parameter is read.
 *
 * @throws as eachItem
 */
export async function collectParked(
	context: IExecuteFunctions,
	{ items, price, maxConcurrency }: Parking,
): Promise<INodeExecutionData[]> {
	const fal = await connect(context, endpoint.id);
	const ledger = ledgerOf(context);
	const runCost = new RunCost(price);
	const collected = await eachItem(context, {
		maxConcurrency,
		prepare: (itemIndex) => {
			const parked = items[itemIndex]!;
			if ('failure' in parked) throw new EarlierFailure(parked.failure);
			return { ...parked, purchase: ledger.of(itemIndex)! };
		},
		work: async ({ options, estimated, purchase }, itemIndex) => {
			const { timeoutSeconds, onStop } = options;
			const stop = context.getExecutionCancelSignal();
			return await beforeDeadline({ timeoutSeconds, stop }, async (signal) => {
				const shop = { queue: fal.queue, requests: fal.requests, ledger };
				const generated = await collect(shop, { itemIndex }, purchase, { signal, onStop });
				const priced = { price, estimated, onCost: runCost.note };
				return await deliver(context, fal, generated, options, priced, signal);
			});
		},
		besides: () => purchasesText(ledger),
	});
	runCost.tell(context);
	return collected;
}
