import { type HintContext, showHint } from './showHint';

/**
 * Tells on the canvas, without refusing anything, what looks doubtful about the LoRAs.
 *
 * @returns what to call with each item's hints; the same is told once, however many items it is about
 */
export function loraHints(context: HintContext): (hints: string[]) => void {
	const told = new Set<string>();
	return (hints) => {
		for (const message of hints) {
			if (told.has(message)) continue;
			told.add(message);
			showHint(context, message, 'warning');
		}
	};
}
