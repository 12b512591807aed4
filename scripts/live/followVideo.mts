import { performance } from 'node:perf_hooks';
import { APPLICATION } from '../../nodes/FalLtxVideo/endpoints/ids.ts';
import { JOBS } from './jobs.mts';
import type { LiveFal } from './liveFal.mts';
import type { Exchange } from './wire.mts';

/** What was seen of a request from its submit to its end. */
export interface Followed {
	requestId: string;
	submit: Exchange;
	/** A result call right after the submit. */
	early: Exchange;
	/** Status calls, in order. */
	statuses: Array<{ status: string; exchange: Exchange }>;
	/** Seconds until the list had it: since the submit, or since the end if it was not listed before. */
	listedAfterSeconds: number | null;
	/** Whether the list had it before it ended. */
	isListedOpen: boolean;
	/** Its row of the list, as it was sent. */
	row: Record<string, unknown> | undefined;
	/** The page of the list. */
	list: Exchange;
	result: Exchange;
	/** What the node made of the result. */
	item: Record<string, unknown> | undefined;
	error: string | undefined;
}

const HOURS_BACK = 25;

/** The row of a request in fal's list, asked for with Get Many. */
async function rowOf(
	fal: LiveFal,
	requestId: string,
): Promise<Record<string, unknown> | undefined> {
	const outcome = await fal.run({
		resource: 'request',
		operation: 'getMany',
		returnAll: true,
		endpoints: [JOBS.plain.endpoint.id],
		// Also where fal's clock is behind.
		startedAfter: new Date(Date.now() - HOURS_BACK * 3_600_000).toISOString(),
	});
	return outcome.outputs[0]?.map(({ json }) => json).find((row) => row['request_id'] === requestId);
}

const isOpen = (status: string) => status === 'IN_QUEUE' || status === 'IN_PROGRESS';

/** Submits the job without LoRAs and watches it by polling, in its status and in the list. */
export async function followVideo(fal: LiveFal): Promise<Followed> {
	const requestId = await fal.submit('plain');
	const path = `/${APPLICATION}/requests/${requestId}`;
	const early = await fal.ask('queue', path);
	let since = performance.now();
	let listedAt: number | undefined;
	let isListedOpen = false;
	const statuses: Followed['statuses'] = [];
	for (;;) {
		const row = listedAt === undefined ? await rowOf(fal, requestId) : undefined;
		const next = await fal.status(requestId);
		statuses.push(next);
		// Listed before a status that is not the end yet.
		if (row) listedAt ??= performance.now();
		isListedOpen ||= row !== undefined && isOpen(next.status);
		if (!isOpen(next.status)) break;
		await fal.nap();
	}
	if (!isListedOpen) {
		since = performance.now();
		listedAt = undefined;
	}
	const outcome = await fal.request('getResult', requestId);
	let row = await rowOf(fal, requestId);
	while (!row && performance.now() - since < fal.target.listedWithinMs) {
		await fal.nap();
		row = await rowOf(fal, requestId);
	}
	if (row) listedAt ??= performance.now();
	return {
		...{ requestId, early, statuses, isListedOpen, row },
		submit: fal.submitOf(requestId),
		listedAfterSeconds: listedAt === undefined ? null : (listedAt - since) / 1000,
		list: fal.last('platform', '/models/requests/by-endpoint'),
		result: fal.wire.to('queue', path, 'GET').findLast((one) => one.path.endsWith(requestId))!,
		item: outcome.outputs[0]?.[0]?.json,
		error: outcome.error?.message,
	};
}
