import type { ModelResponse } from './responses.mts';
import {
	type CallFault,
	type DownloadFault,
	isAccepted,
	type StreamFault,
	type WebhookFault,
} from './faults.mts';
import type { JsonObject, JsonValue } from './json.mts';
import type { VideoFile } from './output.mts';

/** The faults of each phase of a request, used up one per call; null and the end mean none. */
export interface PhaseFaults {
	submit: Array<CallFault | null>;
	status: Array<CallFault | null>;
	stream: Array<CallFault | StreamFault | null>;
	result: Array<CallFault | null>;
	cancel: Array<CallFault | null>;
	download: Array<CallFault | DownloadFault | null>;
	/** One per delivery, further deliveries included. */
	webhook: Array<WebhookFault | null>;
}

export type Phase = keyof PhaseFaults;

/** How one job goes. */
export interface JobScript {
	/** Least time in the queue, in seconds. */
	queueSeconds?: number;
	/** Least time of the run, in seconds. */
	runSeconds?: number;
	/** The run also lasts until this is settled, for tests that decide when it ends. */
	until?: Promise<unknown>;
	/** The response to a result call instead of a video. */
	outcome?: ModelResponse;
}

/** Changes to what a successful job gives. */
export interface OutputChanges {
	/** A bigint keeps digits beyond 2^53. */
	seed?: number | bigint;
	/** Other values of the file's fields, null included. */
	video?: { [Field in keyof VideoFile]?: JsonValue };
	/** Fields of the file that are missing. */
	without?: Array<keyof VideoFile>;
	/** The video's URL is a `data:` URI, as with `sync_mode`. */
	dataUri?: boolean;
	/** `x-fal-billable-units`; null: the header is missing. */
	billableUnits?: string | null;
	/** The content type that the CDN serves the file with. */
	servedType?: string;
	/** The ETag that the CDN serves the file with; strong unless given. */
	validator?: 'weak' | 'none';
	/** The result is gone as soon as the job is done. */
	expired?: boolean;
}

/** What happens to one request. */
export interface RequestScript extends Partial<PhaseFaults> {
	job?: JobScript;
	output?: OutputChanges;
}

/** Text that the prompt contains, or any test of the input. */
export type Match = string | ((input: JsonObject) => boolean);

interface Entry {
	match: Match;
	script: ActiveScript;
}

/** A script in use: its lists are used up. */
export class ActiveScript {
	readonly job: JobScript;
	readonly output: OutputChanges;
	readonly #faults: Partial<PhaseFaults>;

	constructor({ job = {}, output = {}, ...faults }: RequestScript) {
		this.job = job;
		this.output = output;
		this.#faults = Object.fromEntries(
			Object.entries(faults).map(([phase, list]) => [phase, [...list]]),
		);
	}

	/** The fault of the next call of a phase. */
	next<P extends Phase>(phase: P): PhaseFaults[P][number] {
		return this.#faults[phase]?.shift() ?? null;
	}
}

function matches(match: Match, input: JsonObject): boolean {
	if (typeof match === 'function') return match(input);
	return typeof input.prompt === 'string' && input.prompt.includes(match);
}

/** The scripts that wait for their request. */
export class ScriptBook {
	readonly #entries: Entry[] = [];

	add(match: Match, script: RequestScript): void {
		this.#entries.push({ match, script: new ActiveScript(script) });
	}

	/**
	 * The script of a submit, and what this call of it suffers. A script leaves the book with the
	 * submit that is accepted, so a submit that was refused and is sent again stays in it.
	 */
	take(
		input: JsonObject,
		lostCallAccepted: boolean,
	): { script: ActiveScript; fault: CallFault | null } {
		const at = this.#entries.findIndex(({ match }) => matches(match, input));
		const script = this.#entries[at]?.script ?? new ActiveScript({});
		const fault = script.next('submit');
		if (at >= 0 && isAccepted(fault, lostCallAccepted)) this.#entries.splice(at, 1);
		return { script, fault };
	}
}
