import type { FalFault } from '../fal/FalFault';
import type { Submitted } from '../fal/queue';

/*
 * Rule: what was bought is written down in the execution's own data the moment its id is known, so
 * that a retry (of the node, or of the whole execution) collects it instead of buying it again. n8n
 * keeps a node's context through both; measured.
 */

/** One purchase, as the execution's data holds it. */
export interface Purchase {
	/** Of endpoint and input: another input is another purchase. */
	fingerprint: string;
	requestId: string;
	/** Milliseconds since 1970. */
	acceptedAt: number;
	/** fal's addresses of the request, as they came. */
	urls?: Omit<Submitted, 'request_id'>;
	/** What it was estimated at, as a decimal in the price's currency. */
	estimate: string;
	/** The execution that fal calls back when it ends; undefined when it was told to call none. */
	calledBack?: string;
	/** The execution whose call of a tool it answers, or is about to; undefined for items. */
	takenBy?: string;
	/** fal's refusal of the input: the same input will be refused again. */
	refusal?: FalFault;
	/** Set when fal proved that it ended without a result: the next to need one buys anew. */
	isGone?: true;
}

/** All purchases of a node in one execution, as the execution's data holds them. */
export type Pages = Record<string, Record<string, Purchase> | undefined>;

/** The purchases of one run of a node, one place for each item. */
export class Ledger {
	/**
	 * @param pages the node's context, which n8n saves with the execution
	 * @param runIndex which run of the node this is: in a loop, each has a page of its own
	 */
	constructor(
		protected readonly pages: Pages,
		private readonly runIndex: number,
	) {}

	/** What was bought for an item with just this input; undefined when nothing was. */
	find(itemIndex: number, fingerprint: string): Purchase | undefined {
		const purchase = this.page[itemIndex];
		return purchase?.fingerprint === fingerprint ? purchase : undefined;
	}

	/** What was bought for an item, whatever its input was. */
	of(itemIndex: number): Purchase | undefined {
		return this.page[itemIndex];
	}

	write(itemIndex: number, purchase: Purchase): void {
		this.page[itemIndex] = purchase;
	}

	/** Crosses out a purchase that fal proved to have ended without a result. */
	strike(itemIndex: number): void {
		delete this.page[itemIndex];
	}

	/** Gives an item's purchase back after a failure, to whatever runs in its place. */
	release(itemIndex: number): void {
		delete this.page[itemIndex]?.takenBy;
	}

	/**
	 * What counts against the limit of a run besides its items: the estimates as decimals, but for what
	 * this input would be answered with. Nothing, as a run of items has a limit of its own.
	 */
	spentBefore: (fingerprint: string) => string[] = () => [];

	/** Whether a request belongs to any item of any run of this node in this execution. */
	knows(requestId: string): boolean {
		return Object.values(this.pages)
			.flatMap((page) => Object.values(page ?? {}))
			.some((purchase) => purchase.requestId === requestId);
	}

	/** All purchases of this run, by item. */
	all(): Array<{ itemIndex: number; requestId: string }> {
		return Object.entries(this.page).map(([itemIndex, { requestId }]) => ({
			itemIndex: Number(itemIndex),
			requestId,
		}));
	}

	private get page(): Record<string, Purchase> {
		return (this.pages[`run${this.runIndex}`] ??= {});
	}
}
