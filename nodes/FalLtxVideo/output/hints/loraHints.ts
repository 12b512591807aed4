import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * Tells on the canvas, without refusing anything, what looks doubtful about the LoRAs.
 *
 * @returns what to call with each item's hints; the same is told once, however many items it is about
 */
export function loraHints(
	context: Pick<IExecuteFunctions, 'addExecutionHints'>,
): (hints: string[]) => void {
	const told = new Set<string>();
	return (hints) => {
		for (const message of hints) {
			if (told.has(message)) continue;
			told.add(message);
			context.addExecutionHints({ message, location: 'outputPane', type: 'warning' });
		}
	};
}
