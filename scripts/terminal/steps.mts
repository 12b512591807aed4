import { performance } from 'node:perf_hooks';
import { Listr, PRESET_TIMER } from 'listr2';

const STILL_BUSY_MS = 20_000;

/** A time as a person says it: 0.4 s, 12 s, 3 min 5 s. */
export function duration(milliseconds: number): string {
	const seconds = milliseconds / 1000;
	if (seconds < 10) return `${seconds.toFixed(1)} s`;
	if (seconds < 60) return `${Math.round(seconds)} s`;
	const whole = Math.round(seconds);
	return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Whether a step was ended, by a person or as it was not needed any more, and has not failed. */
const wasEnded = (error: unknown) => error instanceof Error && error.name === 'AbortError';

/** Lets a running step say what it is doing just now. */
export type Report = (doing: string) => void;

/** What a step does, under the label that people see. */
export type Step<Result> = readonly [label: string, work: (report: Report) => Promise<Result>];

/** The same for each of several steps. */
type Results<Steps extends ReadonlyArray<Step<unknown>>> = {
	[Index in keyof Steps]: Steps[Index] extends Step<infer Result>
		? PromiseSettledResult<Result>
		: never;
};

/** What a step's line can be made to show. */
interface Line {
	output: string;
	skip(message: string): void;
}

/** Where nothing moves, a long step says now and then that it still runs. */
async function withSignsOfLife<Result>(
	[label, work]: Step<Result>,
	line: Line,
	isLive: boolean,
): Promise<Result> {
	const since = performance.now();
	let doing = '';
	const show = () => {
		const text = [label, doing].filter(Boolean).join(': ');
		line.output = isLive ? doing : `${text} (${duration(performance.now() - since)})`;
	};
	const stillBusy = isLive ? undefined : setInterval(show, STILL_BUSY_MS);
	try {
		return await work((now) => {
			doing = now;
			show();
		});
	} finally {
		clearInterval(stillBusy);
	}
}

/** Runs a step and keeps how it ended; the line shows no more than that it failed. */
async function settle<Result>(
	step: Step<Result>,
	line: Line,
	isLive: boolean,
): Promise<PromiseSettledResult<Result>> {
	const [result] = await Promise.allSettled([withSignsOfLife(step, line, isLive)]);
	if (result.status === 'rejected' && wasEnded(result.reason)) line.skip('ended');
	return result;
}

/**
 * Runs steps side by side and shows how each of them ended, with the time that it took: in a terminal
 * on lines that move, elsewhere (in CI) on lines that are written one after the other.
 */
export async function runSteps<Steps extends ReadonlyArray<Step<unknown>>>(
	...steps: Steps
): Promise<Results<Steps>> {
	const results: Array<PromiseSettledResult<unknown>> = [];
	const tasks = steps.map((step, index) => ({
		title: step[0],
		task: async (_: unknown, line: Line) => {
			const result = await settle(step, line, process.stdout.isTTY);
			results[index] = result;
			if (result.status === 'rejected' && !wasEnded(result.reason)) throw new Error('see below');
		},
	}));
	const shown = new Listr(tasks, {
		concurrent: true,
		exitOnError: false,
		// Whoever runs the steps ends them when a signal comes.
		registerSignalListeners: false,
		rendererOptions: { timer: PRESET_TIMER, collapseSkips: false },
		fallbackRenderer: 'simple',
		fallbackRendererOptions: { timer: PRESET_TIMER },
	});
	await shown.run();
	return results as Results<Steps>;
}

/** Runs one step and shows how it ended. */
export async function runStep<Result>(
	label: string,
	work: (report: Report) => Promise<Result>,
): Promise<Result> {
	const [result] = await runSteps([label, work] as const);
	if (result.status === 'rejected') throw result.reason;
	return result.value;
}

/** Work that ends early when its signal comes, under the label that people see. */
export type AbortableStep<Result> = readonly [
	label: string,
	work: (report: Report, signal: AbortSignal) => Promise<Result>,
];

/**
 * Runs two steps side by side. When one fails the other is ended, and has ended, before the failure
 * is thrown: nothing runs any more when the caller cleans up.
 */
export async function runTogether<First, Second>(
	signal: AbortSignal,
	first: AbortableStep<First>,
	second: AbortableStep<Second>,
): Promise<[First, Second]> {
	const controller = new AbortController();
	const shared = AbortSignal.any([signal, controller.signal]);
	const failures: unknown[] = [];
	const abortable = <Result,>([label, work]: AbortableStep<Result>): Step<Result> => [
		label,
		async (report) => {
			try {
				return await work(report, shared);
			} catch (error) {
				failures.push(error);
				controller.abort();
				throw error;
			}
		},
	];
	const [one, two] = await runSteps(abortable(first), abortable(second));
	if (one.status === 'rejected' || two.status === 'rejected') throw failures[0];
	return [one.value, two.value];
}
