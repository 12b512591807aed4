import type { IDataObject } from 'n8n-workflow';

/*
 * Rule: fal reports each end at least once, and a workflow starts once for it. What was handled is
 * kept in this process, where calls meet at the same time, and in the workflow's static data, which
 * outlives the process.
 */

/** fal repeats a call within hours; so many ends are remembered at the least. */
const REMEMBERED = 1000;

/** In n8n's static data of the node. */
const KEY = 'handledRequests';

/** By workflow and node, for as long as this process lives. */
const reportedHere = new Map<string, Set<string>>();

/**
 * Whether a request was handled before.
 *
 * @param place which node of which workflow
 * @param staticData of that node
 */
export function isReported(place: string, staticData: IDataObject, requestId: string): boolean {
	return handledAt(place, staticData).has(requestId);
}

/**
 * Notes that a request is being handled.
 *
 * @param place which node of which workflow
 * @param staticData of that node; it is written to
 * @returns false when the request was handled before
 */
export function markReported(place: string, staticData: IDataObject, requestId: string): boolean {
	const handled = handledAt(place, staticData);
	if (handled.has(requestId)) return false;
	handled.add(requestId);
	for (const oldest of handled) {
		if (handled.size <= REMEMBERED) break;
		handled.delete(oldest);
	}
	staticData[KEY] = [...handled];
	return true;
}

function handledAt(place: string, staticData: IDataObject): Set<string> {
	const handled = reportedHere.get(place) ?? new Set<string>();
	reportedHere.set(place, handled);
	for (const known of (staticData[KEY] ?? []) as string[]) handled.add(known);
	return handled;
}
