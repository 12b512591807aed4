import { randomUUID } from 'crypto';
import {
	countReplaced,
	estimatesOfEnded,
	hasRequest,
	type RequestStore,
	type SavedRun,
	savedRun,
	type SavedRuns,
} from './RequestStore';
import { isOpen, isOver, isSubmitted, mayBeBilled, type SubmitRecord } from './SubmitRecord';

/*
 * An AI agent calls its tool once per video, each time as another run of the node, so the place of a
 * submit says nothing here. Rules:
 * - a submit whose call got no response is for the next call with the same input, whoever repeats it:
 *   the model, n8n's Retry On Fail or a retry of the whole execution;
 * - a request that was answered with is not given out again in the same execution: a model that asks
 *   twice for the same wants two videos. A retry of the execution starts over and finds it again;
 * - of several such submits a call takes one that may still be had; another is submitted only where none is;
 * - two calls at the same time never get the same request, and count against the limit of each other.
 */

const NAME = 'calls';

/** By what is saved of an execution: the estimates of calls that were checked and have not submitted yet. */
const reservations = new WeakMap<SavedRun, Set<ToolRequests>>();

/** The submits of all calls of a tool in one execution, for one of the calls. */
export class ToolRequests implements RequestStore {
	readonly executionId: string;

	readonly isKept: boolean;

	private readonly run: SavedRun;

	/** Names the record of this call. */
	private own?: string;

	private reserved?: string | null;

	/**
	 * @param saved the part of the node's context that n8n saves with the execution
	 * @param executionId of the execution that this call belongs to; undefined where there is none, as
	 * under the MCP Server Trigger: what is saved lives for one call then, and for n8n's tries of it
	 * @param isRetry whether that execution retries another one
	 * @param retryOf which one, where n8n says so
	 */
	constructor(
		private readonly saved: SavedRuns,
		executionId: string | undefined,
		isRetry: boolean,
		retryOf?: string,
	) {
		this.isKept = executionId !== undefined;
		this.executionId = executionId ?? `call-${randomUUID()}`;
		this.run = savedRun(saved, NAME, { executionId: this.executionId, isRetry, retryOf });
	}

	get isDataLost(): boolean {
		return this.run.isDataLost;
	}

	find(_itemIndex: number, fingerprint: string): SubmitRecord | undefined {
		const found = this.unanswered(fingerprint);
		if (!found) return undefined;
		this.own = found.name;
		this.write(0, found.record);
		return this.get();
	}

	get(): SubmitRecord | undefined {
		return this.own === undefined ? undefined : this.run.records[this.own];
	}

	write(_itemIndex: number, record: SubmitRecord): void {
		this.own ??= this.nextName();
		this.run.records[this.own] = { ...record, claimedBy: this.executionId };
		this.dropReservation();
	}

	remove(): void {
		if (this.own !== undefined) delete this.run.records[this.own];
		this.own = undefined;
		// It may be sent again, and counts until then.
		if (this.reserved !== undefined) this.reserve(this.reserved);
	}

	finish(_itemIndex: number, isAnswered: boolean): void {
		this.dropReservation();
		if (!isAnswered) delete this.get()?.claimedBy;
	}

	has(requestId: string): boolean {
		return hasRequest(this.saved, requestId);
	}

	entries(): Array<{ itemIndex: number; record: SubmitRecord }> {
		const record = this.get();
		return record ? [{ itemIndex: 0, record }] : [];
	}

	earlierEstimate(_itemIndex: number, fingerprint: string): string | null | undefined {
		const record = this.unanswered(fingerprint)?.record;
		return record && isOpen(record) ? record.estimate : undefined;
	}

	spent(fingerprint: string): Array<string | null> {
		const own = this.own ?? this.unanswered(fingerprint)?.name;
		const records = Object.entries(this.run.records).filter(
			([name, record]) =>
				name !== own && !(isSubmitted(record) && isOver(record)) && mayBeBilled(record),
		);
		const others = [...(reservations.get(this.run) ?? [])].filter((call) => call !== this);
		return [
			...records.map(([, { estimate }]) => estimate),
			...estimatesOfEnded(this.run),
			...others.map(({ reserved }) => reserved!),
		];
	}

	countReplaced(record: SubmitRecord): void {
		countReplaced(this.run, record);
	}

	reserve(estimate: string | null): void {
		const calls = reservations.get(this.run) ?? new Set();
		reservations.set(this.run, calls.add(this));
		this.reserved = estimate;
	}

	private dropReservation(): void {
		reservations.get(this.run)?.delete(this);
	}

	private unanswered(fingerprint: string): { name: string; record: SubmitRecord } | undefined {
		const [first] = Object.entries(this.run.records)
			.filter(
				([, record]) => record.fingerprint === fingerprint && record.claimedBy !== this.executionId,
			)
			.sort(([, a], [, b]) => rankOf(a) - rankOf(b));
		return first && { name: first[0], record: first[1] };
	}

	private nextName(): string {
		this.run.calls = (this.run.calls ?? 0) + 1;
		return `call${this.run.calls}`;
	}
}

/** In which order calls take what was submitted: what can be collected, looked for, is refused, has ended. */
function rankOf(record: SubmitRecord): number {
	if (!isSubmitted(record)) return 1;
	if (!isOver(record)) return 0;
	return record.refusal ? 2 : 3;
}
