import {
	countNoLonger,
	countReplaced,
	estimatesOfEnded,
	type ExecutionIdentity,
	hasRequest,
	type RequestStore,
	type SavedRun,
	savedRun,
	type SavedRuns,
} from './RequestStore';
import { isOpen, isOver, isSubmitted, mayBeBilled, type SubmitRecord } from './SubmitRecord';

/** Whose submits they are. */
export interface RunIdentity extends ExecutionIdentity {
	/** Which run of the node this is: in a loop each remembers for itself. */
	runIndex: number;
}

/** The submits of one run of a node: one for each item. */
export class ItemRequests implements RequestStore {
	readonly executionId: string;

	/** n8n saves it with the execution. */
	readonly isKept = true;

	private readonly run: SavedRun;

	/** By item: what a submit was sent in place of. */
	private readonly earlier = new Map<number, SubmitRecord>();

	/** @param saved the part of the node's context that n8n saves with the execution */
	constructor(
		private readonly saved: SavedRuns,
		{ runIndex, ...execution }: RunIdentity,
	) {
		this.executionId = execution.executionId;
		this.run = savedRun(saved, `run${runIndex}`, execution);
	}

	get isDataLost(): boolean {
		return this.run.isDataLost;
	}

	/**
	 * Within one execution an item's parameters don't change: another input there comes from an
	 * expression that gives something else each time, and what was submitted is still this item's.
	 */
	find(itemIndex: number, fingerprint: string): SubmitRecord | undefined {
		const record = this.lookUp(itemIndex, fingerprint);
		if (!record) return undefined;
		const claimed = { ...record, claimedBy: this.executionId };
		this.write(itemIndex, claimed);
		return claimed;
	}

	private lookUp(itemIndex: number, fingerprint: string): SubmitRecord | undefined {
		const record = this.get(itemIndex);
		if (!record || record.fingerprint === fingerprint) return record;
		const isOfExecution = [record.executionId, record.claimedBy].includes(this.executionId);
		return isOfExecution && !(isSubmitted(record) && isOver(record)) ? record : undefined;
	}

	earlierEstimate(itemIndex: number, fingerprint: string): string | null | undefined {
		const record = this.lookUp(itemIndex, fingerprint);
		return record && isOpen(record) ? record.estimate : undefined;
	}

	get(itemIndex: number): SubmitRecord | undefined {
		return this.run.records[itemIndex];
	}

	write(itemIndex: number, record: SubmitRecord): void {
		const earlier = this.get(itemIndex);
		if (earlier && !isSameSubmit(earlier, record)) {
			if (!isSubmitted(record)) this.earlier.set(itemIndex, earlier);
			if (mayBeBilled(earlier)) this.countReplaced(earlier);
		}
		this.run.records[itemIndex] = record;
	}

	/** What was submitted before stays the item's: its parameters may be changed back. */
	remove(itemIndex: number): void {
		const earlier = this.earlier.get(itemIndex);
		if (!earlier) return void delete this.run.records[itemIndex];
		this.run.records[itemIndex] = earlier;
		countNoLonger(this.run, earlier);
	}

	finish(): void {
		// A record belongs to its item, whatever came of it.
	}

	has(requestId: string): boolean {
		return hasRequest(this.saved, requestId);
	}

	entries(): Array<{ itemIndex: number; record: SubmitRecord }> {
		return Object.entries(this.run.records).map(([itemIndex, record]) => ({
			itemIndex: Number(itemIndex),
			record,
		}));
	}

	/** A run of items has its own limit. */
	spent(_fingerprint?: string, counted?: readonly number[]): Array<string | null> {
		return estimatesOfEnded(this.run, counted);
	}

	countReplaced(record: SubmitRecord): void {
		countReplaced(this.run, record);
	}

	reserve(): void {
		// All items of a run are counted together before the first one is submitted.
	}
}

/** Whether a record says more of the submit that is remembered, or is of another one. */
function isSameSubmit(earlier: SubmitRecord, record: SubmitRecord): boolean {
	return isSubmitted(earlier)
		? earlier.requestId === record.requestId
		: earlier.fingerprint === record.fingerprint;
}
