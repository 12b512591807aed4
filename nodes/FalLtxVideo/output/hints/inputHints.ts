import { type HintContext, showHint } from './showHint';

/**
 * Shows on the canvas, without refusing anything, what looks doubtful about the input.
 *
 * @returns what to call with each item's hints; the same is shown once, however many items it is about
 */
export function inputHints(context: HintContext): (hints: string[]) => void {
	const shown = new Set<string>();
	return (hints) => {
		for (const message of hints) {
			if (shown.has(message)) continue;
			shown.add(message);
			showHint(context, message, 'warning');
		}
	};
}
