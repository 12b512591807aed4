import { parse } from 'flatted';

/** Where a binary of an item is, and what it is. */
export interface BinaryReference {
	/** In the binary store; missing when n8n keeps binary data in memory, as base64 in `data`. */
	id?: string;
	data: string;
	mimeType: string;
	fileName?: string;
	fileExtension?: string;
	fileSize?: string;
	bytes?: number;
}

/** One item that a node gave. */
export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, BinaryReference>;
	pairedItem?: unknown;
}

/** An error of a node, as n8n stores and shows it. */
export interface ExecutionError {
	message: string;
	description?: string | null;
	name?: string;
	node?: { name: string };
	[field: string]: unknown;
}

/** One run of one node. */
export interface NodeRun {
	executionStatus?: string;
	/** In milliseconds since 1970. */
	startTime: number;
	/** In milliseconds. */
	executionTime: number;
	error?: ExecutionError;
	data?: { main: Array<Item[] | null> };
}

/** How an execution stands. */
export type ExecutionStatus =
	| 'new'
	| 'running'
	| 'waiting'
	| 'success'
	| 'error'
	| 'canceled'
	| 'crashed'
	| 'unknown';

/** An execution with all that its nodes gave. */
export interface Execution {
	id: string;
	status: ExecutionStatus;
	runs: Record<string, NodeRun[]>;
	error?: ExecutionError;
	lastNodeExecuted?: string;
}

/** An execution as n8n's REST answers it. */
export interface StoredExecution {
	id: string;
	status: ExecutionStatus;
	/** Flatted JSON. */
	data: string;
}

interface RunExecutionData {
	resultData: {
		runData: Record<string, NodeRun[]>;
		error?: ExecutionError;
		lastNodeExecuted?: string;
	};
}

/** Reads what n8n stored of an execution. */
export function readExecution({ id, status, data }: StoredExecution): Execution {
	const { resultData } = parse(data) as RunExecutionData;
	const { runData, error, lastNodeExecuted } = resultData;
	return { id, status, runs: runData, error, lastNodeExecuted };
}

/** Whether an execution continues by itself. */
export function isOver(status: ExecutionStatus): boolean {
	return status !== 'new' && status !== 'running';
}

/** The items that a node gave in its last run. */
export function itemsOf(execution: Execution, nodeName: string): Item[] {
	const run = execution.runs[nodeName]?.at(-1);
	return run?.data?.main.flatMap((items) => items ?? []) ?? [];
}
