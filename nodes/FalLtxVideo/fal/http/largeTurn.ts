import { isIdle, oneAtATime } from './oneAtATime';

/*
 * Rules:
 * - of all responses that are larger than most (LIMITS.answerBytes) one is in memory at a time, whichever
 *   item or execution of this n8n process it is for; the trigger, a file of its own, has one more;
 * - small ones never wait;
 * - who has the turn waits for no other one, and gives it back whatever happens.
 */

const LANE = 'a large response';

/** The turn to hold a large response, of one that may need it; see {@link withLargeTurn}. */
export class LargeTurn {
	/** Ends the turn that is held or waited for. */
	private end?: () => void;

	/** Whether it is held. */
	get isHeld(): boolean {
		return this.end !== undefined;
	}

	/** Takes the turn if nobody has it or waits for it. @returns whether it is held */
	takeIfFree(signal: AbortSignal): boolean {
		if (!this.isHeld && isIdle(LANE)) this.enter(signal).catch(() => undefined);
		return this.isHeld;
	}

	/** Takes the turn after all who asked before. @throws the signal's reason when it aborts first */
	async take(signal: AbortSignal): Promise<void> {
		if (!this.isHeld) await this.enter(signal);
	}

	/** Gives the turn back, if it is held. */
	leave(): void {
		this.end?.();
		this.end = undefined;
	}

	private async enter(signal: AbortSignal): Promise<void> {
		const ended = new Promise<void>((resolve) => (this.end = resolve));
		const begun = new Promise<void>((resolve, reject) => {
			const holding = async () => {
				resolve();
				await ended;
			};
			oneAtATime(LANE, signal, holding).catch(reject);
		});
		await begun.catch((error: unknown) => {
			this.leave();
			throw error;
		});
	}
}

/** Does a work that may take the turn. It is given back when the work is over, however it ends. */
export async function withLargeTurn<T>(work: (turn: LargeTurn) => Promise<T>): Promise<T> {
	const turn = new LargeTurn();
	try {
		return await work(turn);
	} finally {
		turn.leave();
	}
}
