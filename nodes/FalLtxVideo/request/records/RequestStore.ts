import { isOver, isSubmitted, mayBeBilled, type SubmitRecord } from './SubmitRecord';

/** What one run of a node, or one call of a tool, remembers of its submits. */
export interface RequestStore {
	/** The execution that runs. */
	readonly executionId: string;
	/**
	 * Whether this execution retries another one whose data says nothing of this run, or is older than
	 * that execution: nothing was submitted, or n8n lost the data.
	 */
	readonly isDataLost: boolean;
	/** Whether a later try, or the same call of a tool, finds what is remembered here. */
	readonly isKept: boolean;
	/** What an earlier try submitted for an item with this input; a tool's call takes it. */
	find(itemIndex: number, fingerprint: string): SubmitRecord | undefined;
	/** What is remembered for an item, whatever its input was. */
	get(itemIndex: number): SubmitRecord | undefined;
	write(itemIndex: number, record: SubmitRecord): void;
	remove(itemIndex: number): void;
	/** Called once nothing more is done for an item. One that was not answered is left to a retry. */
	finish(itemIndex: number, isAnswered: boolean): void;
	/** Whether a request belongs to this node in this execution, in whichever run. */
	has(requestId: string): boolean;
	/** All that is remembered for this run, by item. */
	entries(): Array<{ itemIndex: number; record: SubmitRecord }>;
	/**
	 * The estimate of what an earlier try submitted for this item, which is collected instead of a new
	 * submit: null when it was not known, undefined when a new submit is needed. Changes nothing.
	 */
	earlierEstimate(itemIndex: number, fingerprint: string): string | null | undefined;
	/**
	 * What counts against the limit of a run apart from what its items are answered with: the estimates as
	 * decimals, null for those that were not known, but for what this input would be answered with.
	 */
	spent(fingerprint: string, counted?: readonly number[]): Array<string | null>;
	/** Keeps counting what may be billed although another request is submitted in its place. */
	countReplaced(record: SubmitRecord): void;
	/** Counts an estimate against the limit of calls at the same time, until it is written or finished. */
	reserve(estimate: string | null): void;
}

/** The submits of one run of a node, or of all calls of a tool, in the execution's data. */
export interface SavedRun {
	/** See {@link RequestStore.isDataLost}; kept, as a retry of the retry knows no more. */
	isDataLost: boolean;
	/** The last execution that ran it. */
	executionId: string;
	records: Record<string, SubmitRecord>;
	/** How many calls of a tool there were: names their records. */
	calls?: number;
	/** Estimates of what may be billed and was replaced, by request ID, or when it was sent. */
	replaced?: Record<string, string | null>;
}

/** All runs of a node in one execution, as n8n saves them. */
export type SavedRuns = Record<string, SavedRun | undefined>;

/** Which execution runs, and whether it retries another one. */
export interface ExecutionIdentity {
	executionId: string;
	isRetry: boolean;
	/** The execution that it retries, where n8n says so. */
	retryOf?: string;
}

/**
 * A run's place in what is saved. That it is there shows a retry that the data was not lost. Runs of a
 * node follow each other, and a retry begins with the one that the earlier execution ended in. Where the
 * data has that one, what follows was never reached; where it was lost, so may be what follows, as of a
 * loop that was killed and begins from its start. Of a retry that was killed n8n has what it began
 * with, the data of the execution before: a run of it that an execution left which is not the retried one.
 */
export function savedRun(
	saved: SavedRuns,
	name: string,
	{ executionId, isRetry, retryOf }: ExecutionIdentity,
): SavedRun {
	const own = Object.values(saved).filter((run) => run?.executionId === executionId);
	const mayBeLost = own.length === 0 || own.some((run) => run?.isDataLost);
	saved[name] ??= { isDataLost: isRetry && mayBeLost, executionId, records: {} };
	// Read back, as n8n keeps a proxy in place of the object it is given.
	const run = saved[name];
	const isOlder = retryOf !== undefined && ![executionId, retryOf].includes(run.executionId);
	if (isRetry && isOlder) run.isDataLost = true;
	run.executionId = executionId;
	return run;
}

/** See {@link RequestStore.countReplaced}. */
export function countReplaced(run: SavedRun, record: SubmitRecord): void {
	run.replaced = { ...run.replaced, [nameOf(record)]: record.estimate };
}

/** Takes back {@link countReplaced}, as the record is there again and counts by itself. */
export function countNoLonger(run: SavedRun, record: SubmitRecord): void {
	const name = nameOf(record);
	const others = Object.entries(run.replaced ?? {}).filter(([replaced]) => replaced !== name);
	run.replaced = Object.fromEntries(others);
}

const nameOf = ({ requestId, sentAt }: SubmitRecord) => requestId ?? String(sentAt);

/**
 * Estimates of requests that ended without a result, or were refused, and may be billed all the same, and
 * of whatever else was replaced.
 *
 * @param counted items whose records are counted already
 */
export function estimatesOfEnded(
	{ records, replaced }: SavedRun,
	counted: readonly number[] = [],
): Array<string | null> {
	const ended = Object.entries(records)
		.filter(([name]) => !counted.includes(Number(name)))
		.map(([, record]) => record)
		.filter(isSubmitted)
		.filter((request) => isOver(request) && mayBeBilled(request))
		.map(({ requestId, estimate }) => [requestId, estimate] as const);
	return Object.values({ ...replaced, ...Object.fromEntries(ended) });
}

/** Whether any run remembers a request. */
export function hasRequest(saved: SavedRuns, requestId: string): boolean {
	return Object.values(saved)
		.flatMap((run) => Object.values(run?.records ?? {}))
		.some((record) => record.requestId === requestId);
}
