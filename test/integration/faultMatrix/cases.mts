import {
	responses,
	type CallFault,
	type Emulator,
	type Variants,
	type RequestScript,
} from '../../../emulator/index.mts';
import { calls } from '../scene.mts';

/*
 * The fault matrix as data: every phase of a request × every fault that the local fal can play
 * there, what fal may respond about a job, and both variants of what fal's sources leave open.
 */

/** What a case must end with, whatever else happens. */
export interface Expected {
	/** Submits that arrive at fal: one, unless fal refused some and was asked again. */
	submits?: number;
	/** Whether the video arrives, byte for byte as the CDN has it. */
	video: boolean;
	/** A part of the message that stays when the wording around it changes. */
	says?: string;
	/** Whether no response ever had the request's id, so that the error can't name it. */
	unknownId?: boolean;
	/** Whether a cancel is sent to fal: only when nothing waits any longer. */
	cancel?: boolean;
}

/** How a case is played. */
export interface Played {
	play: RequestScript;
	variants?: Partial<Variants>;
	/** The node's own timeout, where the case is about the end of waiting. */
	timeoutSeconds?: number;
	/** What happens to the request when nothing waits any longer; the node's default unless given. */
	onStop?: 'cancel' | 'leave';
	/** When Stop is pressed. */
	stopWhen?: (fal: Emulator) => boolean;
	/** When fal goes away, with all its connections. */
	goneWhen?: (fal: Emulator) => boolean;
}

/** One row of the matrix. */
export interface Case extends Expected, Played {
	/** What is going on when it happens. */
	phase: string;
	/** What happens, in words. */
	fault: string;
}

/** Faults that any call can have; statuses come with the words that fal has for them. */
const callFaults = {
	'connection closed without a response': { kind: 'refuse' },
	'connection reset before fal acted': { kind: 'resetBefore' },
	'connection reset after fal acted': { kind: 'resetAfter' },
	'status 400': { kind: 'status', status: 400, json: { detail: 'Bad request' } },
	'status 401': { kind: 'status', status: 401, json: responses.INVALID_KEY },
	'status 403': { kind: 'status', status: 403, json: responses.EXHAUSTED_BALANCE },
	'status 404': { kind: 'status', status: 404, json: { detail: 'Not found' } },
	'status 429': {
		...{ kind: 'status', status: 429, headers: { 'retry-after': '0' } },
		json: { detail: 'Too many concurrent requests' },
	},
	'status 500': { kind: 'status', status: 500, json: { detail: 'Internal server error' } },
	"status 502 with a gateway's page": { kind: 'status', status: 502, html: '<h1>Bad Gateway</h1>' },
	'status 503': { kind: 'status', status: 503, json: { detail: 'Service unavailable' } },
	'status 504': { kind: 'status', status: 504, json: { detail: 'Gateway timeout' } },
	'JSON cut in the middle': { kind: 'truncatedJson' },
	'no response at all': { kind: 'hang' },
	'slow response': { kind: 'slow', milliseconds: 300 },
	'redirect to another host': { kind: 'redirect' },
} as const satisfies Record<string, CallFault>;

type CallFaultName = keyof typeof callFaults;

/** Where a fault can't be played: what is not sent as a whole has no JSON to cut. */
const notPlayable = undefined;

/** What every fault of a call leads to in one phase; to leave one out is a type error. */
type Outcomes = Record<CallFaultName, (Expected & Partial<Case>) | typeof notPlayable>;

const arrives: Expected = { video: true };
const fails = (says: string): Expected => ({ video: false, says });

/** Time enough to get to the fault on a busy machine, and short enough to wait for. */
const TIMEOUT_SECONDS = 2;

/** The same for what comes after a video was really made. */
const DOWNLOAD_SECONDS = 4;

/** A job that runs until it is cancelled. */
const endless = { runSeconds: 60 };

/** For hangs: the job never ends by itself, so the timeout must end it. */
const timesOut: Expected & Partial<Played> = {
	timeoutSeconds: TIMEOUT_SECONDS,
	play: { job: endless },
	video: false,
	says: 'was cancelled on fal',
	cancel: true,
};

/** fal accepted nothing, which only its list can show: it is asked for it until the timeout. */
const unsure: Expected & Partial<Played> = {
	...fails('fal may have accepted the request all the same, and bill it'),
	timeoutSeconds: TIMEOUT_SECONDS,
	unknownId: true,
};

const submit: Outcomes = {
	'connection closed without a response': unsure,
	'connection reset before fal acted': unsure,
	// What fal took is found in its list.
	'connection reset after fal acted': arrives,
	'status 400': fails('fal answered 400: Bad request'),
	'status 401': fails('fal answered 401: invalid key credentials'),
	'status 403': fails('Exhausted balance'),
	'status 404': fails('fal answered 404: Not found'),
	'status 429': { ...arrives, submits: 2 },
	'status 500': unsure,
	"status 502 with a gateway's page": unsure,
	'status 503': unsure,
	'status 504': unsure,
	'JSON cut in the middle': arrives,
	// A submit is never broken off, so only the connection's end ends the waiting here.
	'no response at all': {
		...unsure,
		fault: 'no response until the connection ends',
		goneWhen: (fal) => calls(fal, 'submit').length > 0,
	},
	'slow response': arrives,
	'redirect to another host': unsure,
};

const stream: Outcomes = {
	'connection closed without a response': arrives,
	'connection reset before fal acted': arrives,
	'connection reset after fal acted': arrives,
	'status 400': arrives,
	'status 401': arrives,
	'status 403': arrives,
	'status 404': arrives,
	'status 429': arrives,
	'status 500': arrives,
	"status 502 with a gateway's page": arrives,
	'status 503': arrives,
	'status 504': arrives,
	'JSON cut in the middle': notPlayable,
	'no response at all': timesOut,
	'slow response': arrives,
	'redirect to another host': arrives,
};

/** Polling, so the stream is refused each time. */
const status: Outcomes = {
	...stream,
	'status 401': fails('Asking for the status failed: fal answered 401: invalid key credentials'),
	'JSON cut in the middle': arrives,
};

const result: Outcomes = {
	'connection closed without a response': arrives,
	'connection reset before fal acted': arrives,
	'connection reset after fal acted': arrives,
	'status 400': fails('fal answered 400: Bad request'),
	'status 401': fails('fal answered 401: invalid key credentials'),
	// The account is locked, the video is made: it can be fetched once the account is topped up.
	'status 403': arrives,
	'status 404': fails('fal answered 404: Not found'),
	'status 429': arrives,
	'status 500': arrives,
	"status 502 with a gateway's page": arrives,
	'status 503': arrives,
	'status 504': arrives,
	'JSON cut in the middle': arrives,
	'no response at all': {
		timeoutSeconds: TIMEOUT_SECONDS,
		// Never seen, as no result arrives; so no video has to be made.
		play: { job: { outcome: responses.clientCancelled() } },
		video: false,
		says: 'had already been completed on fal',
		cancel: true,
	},
	'slow response': arrives,
	'redirect to another host': arrives,
};

const NOT_ARRIVED = 'The video is made and paid for, but did not arrive.';
const refused = (code: number) =>
	fails(`${NOT_ARRIVED} Downloading the video failed: fal answered ${code}`);

const download: Outcomes = {
	'connection closed without a response': arrives,
	'connection reset before fal acted': arrives,
	'connection reset after fal acted': arrives,
	'status 400': refused(400),
	'status 401': refused(401),
	'status 403': refused(403),
	// A file that was just made may not be everywhere yet.
	'status 404': arrives,
	'status 429': arrives,
	'status 500': arrives,
	"status 502 with a gateway's page": arrives,
	'status 503': arrives,
	'status 504': arrives,
	'JSON cut in the middle': notPlayable,
	'no response at all': {
		timeoutSeconds: DOWNLOAD_SECONDS,
		...fails(`${NOT_ARRIVED} There was no video within ${DOWNLOAD_SECONDS} s`),
	},
	'slow response': arrives,
	'redirect to another host': arrives,
};

/** The timeout's cancel meets the fault; it is sent again until fal has heard it. */
const cancelled: Expected = { video: false, says: 'was cancelled on fal', cancel: true };

/**
 * fal acted, but its response was lost: the next cancel finds the request ended, be it by the first
 * cancel or by itself. The error must not say then that it is paid for.
 */
const ended: Expected = { ...cancelled, says: 'has ended on fal' };

const cancel: Outcomes = {
	'connection closed without a response': cancelled,
	'connection reset before fal acted': cancelled,
	'connection reset after fal acted': ended,
	// Only fal's own words (below) say that there is nothing left to cancel.
	'status 400': cancelled,
	'status 401': cancelled,
	'status 403': cancelled,
	'status 404': cancelled,
	'status 429': cancelled,
	'status 500': cancelled,
	"status 502 with a gateway's page": cancelled,
	'status 503': cancelled,
	'status 504': cancelled,
	'JSON cut in the middle': ended,
	'no response at all': cancelled,
	'slow response': cancelled,
	'redirect to another host': cancelled,
};

type CallPhase = 'submit' | 'stream' | 'status' | 'result' | 'download' | 'cancel';

const refusedStream = [{ kind: 'refuse' }] as const;

/** What each phase needs to be reached at all. */
const ways: Record<CallPhase, { name: string; outcomes: Outcomes; way?: Played }> = {
	submit: { name: 'submit', outcomes: submit },
	stream: { name: 'status stream', outcomes: stream },
	status: { name: 'polling', outcomes: status, way: { play: { stream: [...refusedStream] } } },
	result: { name: 'result', outcomes: result },
	download: { name: 'download', outcomes: download },
	cancel: {
		name: 'cancel',
		outcomes: cancel,
		way: { play: { job: endless }, timeoutSeconds: TIMEOUT_SECONDS },
	},
};

/** Every phase × every fault that any call can have. */
const crossed: Case[] = Object.entries(ways).flatMap(([phase, { name, outcomes, way }]) =>
	Object.entries(outcomes).flatMap(([fault, outcome]): Case[] => {
		if (outcome === notPlayable) return [];
		const faults = { [phase]: [callFaults[fault as CallFaultName]] };
		const play = { ...way?.play, ...outcome.play, ...faults };
		return [{ phase: name, fault, ...way, ...outcome, play }];
	}),
);

const gatewayPage = (code: number): CallFault => ({
	kind: 'status',
	status: code,
	html: '<h1>Not here</h1>',
});

const cancelResponse = (code: number, word: string): CallFault => ({
	kind: 'status',
	status: code,
	json: { status: word },
});

const given = (
	phase: string,
	fault: string,
	play: RequestScript,
	expected: Expected & Partial<Played>,
): Case => ({ ...{ phase, fault, play }, ...expected });

const notCancelled = (fault: string, faults: CallFault[], expected: Expected): Case => ({
	...given('cancel', fault, { job: endless, cancel: faults }, expected),
	timeoutSeconds: TIMEOUT_SECONDS,
});

/** Faults that only one phase can have. */
const ofOnePhase: Case[] = [
	...[true, false].map((accepted) =>
		given(
			'submit',
			`status 200 without a request id, ${accepted ? 'accepted' : 'not accepted'}`,
			{ submit: [{ kind: 'status', status: 200, json: {}, accepted }] },
			accepted ? arrives : unsure,
		),
	),
	given(
		'submit',
		'status 429 twice',
		{ submit: [callFaults['status 429'], callFaults['status 429']] },
		{ ...arrives, submits: 3 },
	),
	...[403, 407].map((status) =>
		given(
			'submit',
			`status ${status} with a proxy's page`,
			{ submit: [{ kind: 'status', status, html: '<h1>Proxy</h1>', accepted: false }] },
			fails(`Submitting the request failed`),
		),
	),
	...([{ code: 7 }, ['no'], [null], [{ loc: 'body' }]] as const).map((detail) =>
		given(
			'submit',
			`status 400 with the detail \`${JSON.stringify(detail)}\``,
			{ submit: [{ kind: 'status', status: 400, json: { detail } as never }] },
			fails('fal answered 400: '),
		),
	),
	given(
		'submit',
		'status 429 until the timeout',
		{ submit: Array<CallFault>(20).fill(callFaults['status 429']) },
		{
			...fails('before fal accepted this item'),
			timeoutSeconds: 1,
			submits: 1,
			unknownId: true,
		},
	),
	given(
		'status stream',
		'ends before any event',
		{ stream: [{ kind: 'cutStream', afterEvents: 0 }] },
		arrives,
	),
	given(
		'status stream',
		'ends after an event',
		{ stream: [{ kind: 'cutStream', afterEvents: 1 }] },
		arrives,
	),
	given(
		'status stream',
		'begins with an unknown event',
		{ stream: [{ kind: 'unknownEvent' }] },
		arrives,
	),
	given(
		'status stream',
		'is silent from its start',
		{ job: { runSeconds: 3.5 }, stream: [{ kind: 'silentStream', afterEvents: 0 }] },
		arrives,
	),
	{
		...given(
			'status stream',
			'falls silent',
			{ job: endless, stream: [{ kind: 'silentStream', afterEvents: 1 }] },
			timesOut,
		),
		timeoutSeconds: TIMEOUT_SECONDS,
	},
	given(
		'polling',
		'one fault after the other',
		{
			stream: [...refusedStream],
			status: [
				callFaults['status 500'],
				callFaults["status 502 with a gateway's page"],
				callFaults['status 403'],
			],
		},
		arrives,
	),
	given(
		'result',
		'one fault after the other',
		{ result: [callFaults['status 503'], { kind: 'resetBefore' }, { kind: 'truncatedJson' }] },
		arrives,
	),
	given(
		'download',
		'breaks off',
		{ download: [{ kind: 'cutDownload', afterBytes: 500 }] },
		arrives,
	),
	given(
		'download',
		'breaks off twice',
		{
			download: [
				{ kind: 'cutDownload', afterBytes: 500 },
				{ kind: 'cutDownload', afterBytes: 300 },
			],
		},
		arrives,
	),
	given(
		'download',
		'another file since the result',
		{ download: [{ kind: 'changedFile' }] },
		arrives,
	),
	given(
		'download',
		'breaks off, then another file',
		{ download: [{ kind: 'cutDownload', afterBytes: 500 }, { kind: 'changedFile' }] },
		arrives,
	),
	...(
		[
			['has no length', { kind: 'noLength' }],
			['has no length, and is cut', { kind: 'noLength', afterBytes: 500 }],
			['status 200 without a byte', { kind: 'emptyFile' }],
			["status 200 with a gateway's page", gatewayPage(200)],
			['packed with gzip on its way', { kind: 'encoded', encoding: 'gzip' }],
			['packed with br on its way, and cut', { kind: 'encoded', encoding: 'br', afterBytes: 500 }],
		] as const
	).map(([fault, one]) => given('download', fault, { download: [one] }, arrives)),
	...(['weak', 'none'] as const).map((validator) =>
		given(
			'download',
			`breaks off, with a validator that is ${validator}`,
			{ download: [{ kind: 'cutDownload', afterBytes: 500 }], output: { validator } },
			arrives,
		),
	),
	given(
		'download',
		"never has fal's size",
		{ output: { video: { file_size: 7 } } },
		fails(`${NOT_ARRIVED} Downloading the video failed: fal says that the file has 7 bytes`),
	),
	notCancelled('status 400 `ALREADY_COMPLETED`', [cancelResponse(400, 'ALREADY_COMPLETED')], {
		...cancelled,
		says: 'had already been completed on fal',
	}),
	notCancelled('status 404 `NOT_FOUND`', [cancelResponse(404, 'NOT_FOUND')], {
		...cancelled,
		says: 'is not known to fal any longer',
	}),
	notCancelled("status 404 with a gateway's page", [gatewayPage(404)], cancelled),
	notCancelled('always fails', Array<CallFault>(4).fill(callFaults['status 503']), {
		...cancelled,
		says: 'could not be cancelled on fal and may continue and be billed',
	}),
];

const ended504 = (type: string, detail: string, headers = {}) =>
	responses.infrastructureError(504, type, detail, headers);

const badLora = responses.modelError([
	{
		loc: ['body', 'loras', 0, 'path'],
		msg: 'Could not download the file',
		type: 'file_download_error',
	},
]);

const expiredOutput: RequestScript = { output: { expired: true } };

const job = (fault: string, play: RequestScript, says: string): Case =>
	given('job', fault, play, fails(says));

/** What becomes of the job itself. */
const jobs: Case[] = [
	job(
		'422: a LoRA that fal can not download',
		{ job: { outcome: badLora } },
		'loras[0].path: Could not download the file (file_download_error)',
	),
	job(
		'422: content policy',
		{ job: { outcome: responses.contentPolicyViolation('a fox') } },
		'(content_policy_violation)',
	),
	job(
		'504: not started in time',
		{ job: { outcome: responses.startTimeout() } },
		'Request timed out',
	),
	job(
		'504: not finished in time',
		{ job: { outcome: ended504('generation_timeout', 'Generation timed out') } },
		'Generation timed out',
	),
	{
		// The result is what it is, however often it is asked for: only a new request is another try.
		...job(
			'504: not finished in time, "try again"',
			{
				job: {
					outcome: ended504('generation_timeout', 'Generation timed out', {
						'x-fal-retryable': 'true',
					}),
				},
			},
			'Generation timed out',
		),
		timeoutSeconds: DOWNLOAD_SECONDS,
	},
	job(
		"500: fal's own error",
		{
			job: {
				outcome: responses.infrastructureError(500, 'internal_error', 'Internal server error'),
			},
		},
		'Internal server error',
	),
	...[500, 504].map((status) =>
		job(
			`${status}: the model's own error, as a list`,
			{ job: { outcome: responses.modelFailure(status, 'downstream_service_error', 'Broken') } },
			`fal answered ${status}: Broken (downstream_service_error)`,
		),
	),
	given('job', "404: expired, but in fal's history", expiredOutput, arrives),
	{
		...job("404: expired, and not in fal's history", expiredOutput, 'Request not found'),
		variants: { listHasPayloads: false },
	},
	job(
		'499: cancelled by somebody else',
		{ job: { outcome: responses.clientCancelled() } },
		'cancelled by the client',
	),
];

const variant = (
	fault: string,
	variants: Partial<Variants>,
	play: RequestScript,
	expected: Expected & Partial<Played>,
): Case => ({ ...given('open question', fault, play, expected), variants });

/** A status that comes true too soon makes the node ask for the result too early. */
const tooSoon: RequestScript = {
	job: { runSeconds: 0.5 },
	stream: [...refusedStream],
	status: [{ kind: 'status', status: 200, json: { status: 'COMPLETED' } }],
};

const lost502: RequestScript = { submit: [callFaults["status 502 with a gateway's page"]] };

const lostReset: RequestScript = { submit: [{ kind: 'resetAfter' }] };

/** What fal's sources leave open or describe in two ways: both variants of each. */
const openQuestions: Case[] = [
	...([200, 202] as const).map((code) =>
		variant(
			`a waiting status is ${code}`,
			{ waitingStatus: code },
			{ stream: [...refusedStream] },
			arrives,
		),
	),
	...[400, 404, 202].map((code) =>
		variant(`a result too early is ${code}`, { earlyResultStatus: code }, tooSoon, arrives),
	),
	...[responses.infrastructureError(500, 'internal_error', 'Broken'), badLora].map((outcome) =>
		variant(
			`a request that failed with ${outcome.status} has the status FAILED`,
			{ failedStatus: 'FAILED' },
			{ job: { outcome } },
			fails(`fal answered ${outcome.status}`),
		),
	),
	...[3_600_000, -3_600_000].map((clockAheadMs) =>
		variant(
			`a lost submit, and fal's clock is an hour ${clockAheadMs > 0 ? 'ahead' : 'behind'}`,
			{ clockAheadMs },
			lostReset,
			arrives,
		),
	),
	...([200, 202] as const).map((code) =>
		variant(
			`a cancellation taken is ${code}`,
			{ cancelStatus: code },
			{},
			{ ...timesOut, ...cancelled },
		),
	),
	...(['completed', 'gone'] as const).map((state) =>
		variant(
			`cancelled while it waits: ${state}`,
			{ cancelledWhileQueued: state },
			{},
			{ ...timesOut, ...cancelled, play: { job: { queueSeconds: 60 } } },
		),
	),
	...(['ends', 'finishes'] as const).map((state) =>
		variant(
			`cancelled while it runs: ${state}`,
			{ cancelledWhileRunning: state },
			{},
			{ ...timesOut, ...cancelled },
		),
	),
	variant('a lost submit was accepted', { lostSubmitAccepted: true }, lost502, arrives),
	variant('a lost submit was not accepted', { lostSubmitAccepted: false }, lost502, unsure),
	variant('a lost submit is listed late', { listedAfterMs: 800 }, lostReset, arrives),
	variant(
		'a lost submit is listed once it has ended',
		{ listsUnfinished: false },
		lostReset,
		arrives,
	),
	variant(
		"a lost submit is listed with the model's defaults",
		{ listedInput: 'with defaults' },
		lostReset,
		arrives,
	),
	variant(
		'a lost submit is listed without its input',
		{ listHasPayloads: false },
		lostReset,
		unsure,
	),
];

const stopped = (fault: string, play: RequestScript, stopWhen: Played['stopWhen']): Case =>
	given('Stop', fault, play, { video: false, stopWhen, cancel: true });

const stateOf = (fal: Emulator) => fal.requests[0]?.state;
const isDownloading = (fal: Emulator) => fal.calls.some(({ listener }) => listener === 'cdn');

/** What Stop finds under way. n8n says by itself that the execution was stopped. */
const stops: Case[] = [
	stopped(
		'while fal takes the request',
		{ job: endless, submit: [callFaults['slow response']] },
		(fal) => calls(fal, 'submit').length > 0,
	),
	stopped(
		'while it waits in the queue',
		{ job: { queueSeconds: 60 } },
		(fal) => calls(fal, 'stream').length > 0,
	),
	stopped('while it runs', { job: endless }, (fal) => stateOf(fal) === 'IN_PROGRESS'),
	stopped(
		'while it is polled',
		{ job: endless, stream: [...refusedStream] },
		(fal) => calls(fal, 'status').length > 0,
	),
	{
		...stopped('while the file arrives', { download: [{ kind: 'hang' }] }, isDownloading),
		cancel: false,
	},
];

const phases = [
	...Object.values(ways).map(({ name }) => name),
	...['job', 'Stop', 'open question'],
];

const leftRunning: Expected & Played = {
	play: { job: endless },
	onStop: 'leave',
	...fails('was left running on fal'),
};

/** With On Stop "leave" a request continues. */
const left: Case[] = [
	{
		...stopped(
			'while it runs, “On Stop” is “Leave Running”',
			{},
			(fal) => stateOf(fal) === 'IN_PROGRESS',
		),
		...leftRunning,
		cancel: false,
	},
	{
		...given('polling', 'times out, “On Stop” is “Leave Running”', {}, leftRunning),
		play: { job: endless, stream: [...refusedStream] },
		timeoutSeconds: TIMEOUT_SECONDS,
	},
];

/** The fault matrix, in the order of a request's life. */
export const cases: readonly Case[] = [
	...crossed,
	...ofOnePhase,
	...jobs,
	...openQuestions,
	...stops,
	...left,
].sort((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase));
