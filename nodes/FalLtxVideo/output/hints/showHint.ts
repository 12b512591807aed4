import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';
import { asHtml } from '../htmlText';

/** What hints are shown with. */
export type HintContext = Pick<IExecuteFunctions, 'addExecutionHints'>;

/** Shows a text above the node's output. It may hold anything: n8n renders hints as HTML. */
export function showHint(
	context: HintContext,
	text: string,
	type?: NodeExecutionHint['type'],
): void {
	const message = asHtml(text);
	context.addExecutionHints({ message, location: 'outputPane', ...(type ? { type } : {}) });
}
