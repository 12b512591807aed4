import type {
	IContextObject,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import type { Price } from '../endpoints/Endpoint';
import type { FalHosts } from '../fal/hosts';
import { runIndexOf } from '../run/requestStoreOf';
import { isTool } from '../parameters/tool';
import type { DeliveryOptions } from '../output/deliver';
import type { VideoOptions } from '../parameters/reading/readOptions';

/*
 * Rules:
 * - all that a run needs to continue after it was put to wait is in the execution's own data, as it was
 *   when it was submitted. Parameters are not read again: an expression may give something else by then;
 * - it is written only when the execution is really put to wait, and forgotten once it has resumed: a
 *   later try of the run must never wait for webhooks that have all been delivered.
 */

/** The node's context holds one waiting run: an execution waits at one node at a time. */
const KEY = 'falWaiting';

/** What of an item's options counts after its submit. */
export type CollectOptions = DeliveryOptions & Pick<VideoOptions, 'timeoutSeconds' | 'onStop'>;

/** One item of a waiting run: its request is in the request store, how to hand it on is here. */
export type WaitingItem =
	| { options: CollectOptions; price: Price; estimated: number | null }
	/** The error item of one that could not be submitted, where the node continues on fail. */
	| { failure: IDataObject };

/** A run of the node that waits for fal's webhooks, as the execution's data holds it. */
export interface WaitingRun {
	executionId: string;
	runIndex: number;
	/** Where fal is, whose signature is checked before anything else is. */
	hosts: FalHosts;
	maxConcurrency: number;
	/** By item index. */
	items: WaitingItem[];
	/** The node's input, unchanged. n8n saves it once, as it is also the output of the node before. */
	inputs: INodeExecutionData[];
	/** Set when no request is open any longer: what runs next collects. */
	isComplete?: true;
}

/** Writes down what is waited for. */
export function saveWaiting(
	context: Pick<IExecuteFunctions, 'getContext'>,
	waiting: WaitingRun,
): void {
	context.getContext('node')[KEY] = waiting;
}

/** Takes back what {@link saveWaiting} wrote. */
export function forgetWaiting(context: Pick<IExecuteFunctions, 'getContext'>): void {
	delete context.getContext('node')[KEY];
}

/** The waiting run in a node's context; undefined when there is none. */
export function waitingIn(saved: IContextObject): WaitingRun | undefined {
	return saved[KEY] as WaitingRun | undefined;
}

/**
 * What this very run was put to wait with: by an earlier try of it, or it resumes now. An execution
 * that retries another one has its data, but was not put to wait itself.
 */
export function waitingOfThisRun(
	context: Pick<
		IExecuteFunctions,
		'getContext' | 'getExecutionId' | 'evaluateExpression' | 'getNode'
	>,
): WaitingRun | undefined {
	if (isTool(context.getNode())) return undefined;
	const waiting = waitingIn(context.getContext('node'));
	if (waiting?.executionId !== context.getExecutionId()) return undefined;
	return waiting.runIndex === runIndexOf(context) ? waiting : undefined;
}
