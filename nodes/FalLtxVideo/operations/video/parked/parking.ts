import type {
	IContextObject,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
} from 'n8n-workflow';
import type { Price } from '../../../endpoint/Endpoint';
import { runIndexOf } from '../../ledgerOf';
import type { DeliveryOptions } from '../deliver';
import type { VideoOptions } from '../readOptions';

/*
 * Rule: all that a parked run needs to go on is in the execution's own data, as it was when it was
 * bought. Parameters are not read again afterwards: an expression may give something else by then.
 */

/** The node's context holds one parking: an execution is parked at one node at a time. */
const KEY = 'falParking';

/** What of an item's options counts after its purchase. */
export type CollectOptions = DeliveryOptions & Pick<VideoOptions, 'timeoutSeconds' | 'onStop'>;

/** One item of a parked run: what was bought is in the ledger, how to hand it on is here. */
export type ParkedItem =
	| { options: CollectOptions; estimated: number }
	/** The error item of one that could not be bought, where the node continues on fail. */
	| { failure: IDataObject };

/** A run of the node that waits for fal's callbacks, as the execution's data holds it. */
export interface Parking {
	executionId: string;
	runIndex: number;
	/** The price that the run was estimated with. */
	price: Price;
	maxConcurrency: number;
	/** By item index. */
	items: ParkedItem[];
	/** The node's input as it came. n8n saves it once, as it is also the output of the node before. */
	inputs: INodeExecutionData[];
	/** Set when no request is open any longer: what runs next collects. */
	isOver?: true;
}

/** Writes down what is waited for. */
export function saveParking(
	context: Pick<IExecuteFunctions, 'getContext'>,
	parking: Parking,
): void {
	context.getContext('node')[KEY] = parking;
}

/** The parking in a node's context; undefined when there is none. */
export function parkingIn(saved: IContextObject): Parking | undefined {
	return saved[KEY] as Parking | undefined;
}

/**
 * What this very run was parked with: by an earlier try of it, or it goes on now. An execution that
 * retries another one has its data, but was not parked itself.
 */
export function parkingOfThisRun(
	context: Pick<IExecuteFunctions, 'getContext' | 'getExecutionId' | 'evaluateExpression'>,
): Parking | undefined {
	const parking = parkingIn(context.getContext('node'));
	// Without a parking, and without an execution, both IDs would be undefined and equal.
	if (!parking || parking.executionId !== context.getExecutionId()) return undefined;
	return parking.runIndex === runIndexOf(context) ? parking : undefined;
}
