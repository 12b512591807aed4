import { isTool } from '../../parameters/tool';
import type { RequestStore } from '../../request/records/RequestStore';
import { type CollectContext, howToCollect } from './howToCollect';

/** For a run that ends in an error: what was submitted all the same, and how to get it. */
export function submittedText(context: CollectContext, store: RequestStore): string {
	const submitted = store
		.entries()
		.flatMap(({ itemIndex, record: { requestId } }) =>
			requestId === undefined ? [] : [{ itemIndex, requestId }],
		);
	if (submitted.length === 0) return '';
	const isOfTool = isTool(context.getNode());
	const list = submitted.map(({ itemIndex, requestId }) =>
		isOfTool ? requestId : `item ${itemIndex}: ${requestId}`,
	);
	const intro = isOfTool ? 'Submitted request' : 'Requests submitted in this run';
	return `${intro}: ${list.join(', ')}. ${howToCollect(context)}`;
}
