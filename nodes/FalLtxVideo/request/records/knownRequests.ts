/*
 * Rule: a request that any node of this n8n process submitted or took over is never taken for a lost
 * one by another. What other processes of n8n submitted is not known here.
 */

/** So many are remembered; a search looks back one day at the most. */
const REMEMBERED = 100_000;

/** By request ID: the execution that waits for it or delivered it; null once none does. */
const owners = new Map<string, string | null>();

/** Remembers whose request this is. */
export function rememberRequest(requestId: string, executionId: string): void {
	// Deleted first, so that it counts as the newest.
	owners.delete(requestId);
	owners.set(requestId, executionId);
	for (const oldest of owners.keys()) {
		if (owners.size <= REMEMBERED) break;
		owners.delete(oldest);
	}
}

/** Notes that an execution failed or was stopped before it delivered the request's video. */
export function releaseRequest(requestId: string): void {
	if (owners.has(requestId)) owners.set(requestId, null);
}

/** Whether any node of this process submitted or took over the request. */
export function isKnownRequest(requestId: string): boolean {
	return owners.has(requestId);
}

/** Whether another execution of this process waits for the request, or delivered its video. */
export function isOfOtherExecution(requestId: string, executionId: string): boolean {
	const owner = owners.get(requestId) ?? executionId;
	return owner !== executionId;
}
