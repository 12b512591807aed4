import type { Pages, Purchase } from './Ledger';
import { Ledger } from './Ledger';

/*
 * An AI agent calls its tool once per video, each time as another run of the node, so the place of a
 * purchase says nothing here. Rules:
 * - a purchase whose call got no answer is for the next call with the same input, whoever repeats it:
 *   the model, n8n's Retry On Fail or a retry of the whole execution;
 * - a purchase that was answered is not given out again in the same execution: a model that asks twice
 *   for the same wants two videos. A retry of the execution starts over and finds it again;
 * - two calls at the same time never get the same purchase.
 */

const PAGE = 'calls';

/** The purchases of all calls of a tool in one execution, for one of the calls. */
export class CallLedger extends Ledger {
	/** The request of this call. */
	private mine?: string;

	/** @param executionId of the execution that this call belongs to */
	constructor(
		pages: Pages,
		private readonly executionId: string,
	) {
		super(pages, 0);
	}

	/** A purchase of just this input that no call of this execution has; from now on this one has it. */
	override find(_itemIndex: number, fingerprint: string): Purchase | undefined {
		const found = this.free(fingerprint);
		if (found) this.write(0, found);
		return found;
	}

	override of(): Purchase | undefined {
		return this.mine === undefined ? undefined : this.calls[this.mine];
	}

	override write(_itemIndex: number, purchase: Purchase): void {
		this.mine = purchase.requestId;
		this.calls[this.mine] = { ...purchase, takenBy: this.executionId };
	}

	override strike(): void {
		if (this.mine !== undefined) delete this.calls[this.mine];
		this.mine = undefined;
	}

	override release(): void {
		delete this.of()?.takenBy;
	}

	/** What the other calls bought, but for the purchase that this input would be answered with. */
	override spentBefore = (fingerprint: string): string[] => {
		const own = this.free(fingerprint);
		return Object.values(this.calls)
			.filter(({ requestId }) => requestId !== own?.requestId)
			.map(({ estimate }) => estimate);
	};

	override all(): Array<{ itemIndex: number; requestId: string }> {
		return this.mine === undefined ? [] : [{ itemIndex: 0, requestId: this.mine }];
	}

	private free(fingerprint: string): Purchase | undefined {
		return Object.values(this.calls).find(
			(purchase) => purchase.fingerprint === fingerprint && purchase.takenBy !== this.executionId,
		);
	}

	private get calls(): Record<string, Purchase> {
		return (this.pages[PAGE] ??= {});
	}
}
