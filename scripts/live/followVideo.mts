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
	/** How long it was seen to wait and run. */
	openSeconds: number;
	/** Seconds until the list had it: since the submit, or since the end if it was not listed before. */
	listedAfterSeconds: number | null;
	/** Whether the list had it before it ended. */
	isListedOpen: boolean;
	/** Its row of the list, as it was sent. */
	row: Record<string, unknown> | undefined;
	result: Exchange;
	/** What the node said instead of the video. */
	error: string | undefined;
}

/** A model that nobody has used for a while takes minutes to start. */
const VIDEO_WITHIN_MS = 10 * 60_000;

/** How far the list is read back: only what was submitted just now is looked for. */
const BACK_MS = 2 * 60_000;

/** The row of a request in fal's list, asked for with Get Many. */
async function rowOf(
	fal: LiveFal,
	requestId: string,
	since: Date,
): Promise<Record<string, unknown> | undefined> {
	const outcome = await fal.run({
		resource: 'request',
		operation: 'getMany',
		returnAll: true,
		endpoints: [JOBS.plain.endpoint.id],
		startedAfter: since.toISOString(),
	});
	return outcome.outputs[0]?.map(({ json }) => json).find((row) => row['request_id'] === requestId);
}

const isOpen = (status: string) => status === 'IN_QUEUE' || status === 'IN_PROGRESS';

/** What was seen until the end. */
interface Watched extends Pick<Followed, 'statuses' | 'openSeconds'> {
	/** When the list had it first, in milliseconds of this process; undefined if not before the end. */
	listedAt: number | undefined;
}

/** Asks for the list, then for the status, until the status is the end. */
async function watch(fal: LiveFal, requestId: string, since: Date): Promise<Watched> {
	const began = performance.now();
	const statuses: Followed['statuses'] = [];
	for (let listedAt: number | undefined; ; await fal.nap()) {
		const row = listedAt === undefined ? await rowOf(fal, requestId, since) : undefined;
		const seenAt = listedAt ?? (row && performance.now());
		const next = await fal.status(requestId);
		statuses.push(next);
		const openMs = performance.now() - began;
		// What was listed before a status that is not the end yet was listed before its end.
		if (isOpen(next.status)) listedAt = seenAt;
		else return { statuses, listedAt, openSeconds: openMs / 1000 };
		if (openMs > VIDEO_WITHIN_MS) throw new Error(`still ${next.status} after ten minutes`);
	}
}

/** Submits the job without LoRAs and watches it by polling, in its status and in the list. */
export async function followVideo(fal: LiveFal): Promise<Followed> {
	const since = new Date(Date.now() + (await fal.clockAheadMs()) - BACK_MS);
	const requestId = await fal.submit('plain');
	const submittedAt = performance.now();
	const path = `/${APPLICATION}/requests/${requestId}`;
	const early = await fal.ask('queue', path);
	const { statuses, openSeconds, ...watched } = await watch(fal, requestId, since);
	const endedAt = performance.now();
	const outcome = await fal.request('getResult', requestId);
	let row = await rowOf(fal, requestId, since);
	while (!row && performance.now() - endedAt < fal.target.listedWithinMs) {
		await fal.nap();
		row = await rowOf(fal, requestId, since);
	}
	const isListedOpen = watched.listedAt !== undefined;
	const listedAt = watched.listedAt ?? performance.now();
	return {
		...{ requestId, early, statuses, openSeconds, isListedOpen, row },
		submit: fal.submitOf(requestId),
		listedAfterSeconds: row ? (listedAt - (isListedOpen ? submittedAt : endedAt)) / 1000 : null,
		result: fal.wire.to('queue', path, 'GET').findLast((one) => one.path.endsWith(requestId))!,
		error: outcome.error?.message,
	};
}
