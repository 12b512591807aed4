import type { FoundRequest } from '../../request/lost/findLostRequest';
import { type HintContext, showHint } from './showHint';

/** Shows on the canvas that an item continues with what an execution submitted whose data n8n lost. */
export function takenOverHint(
	context: HintContext,
): (itemIndex: number, request: FoundRequest) => void {
	return (itemIndex, { requestId, sentAt }) => {
		const since = sentAt === undefined ? '' : ` of ${new Date(sentAt).toISOString()}`;
		showHint(
			context,
			`Item ${itemIndex} continues with request ${requestId}${since}, which has exactly this input: n8n kept no data of the execution that this one retries. To have a new video instead, run the workflow as a new execution.`,
			'warning',
		);
	};
}
