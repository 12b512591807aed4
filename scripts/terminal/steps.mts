import { performance } from 'node:perf_hooks';

const REDRAW_MS = 250;
const STILL_BUSY_MS = 20_000;
const LABEL_WIDTH = 58;
const CLEAR_LINE = '\r\u001B[K';

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
export type Tell = (doing: string) => void;

interface Running {
	label: string;
	doing: string;
	since: number;
}

/**
 * Shows what runs: one line per step when it is done, with the time that it took. In a terminal
 * the last line shows what is running; elsewhere a long step says now and then that it goes on.
 */
export class Steps {
	private readonly running = new Set<Running>();
	private readonly live = process.stdout.isTTY === true;
	private redraw: NodeJS.Timeout | undefined;

	/** Runs one step and shows how it ended. */
	async step<Result>(label: string, work: (tell: Tell) => Promise<Result>): Promise<Result> {
		const step: Running = { label, doing: '', since: performance.now() };
		this.begin(step);
		const stillBusy = this.live ? undefined : setInterval(() => this.tellBusy(step), STILL_BUSY_MS);
		try {
			const result = await work((doing) => this.tell(step, doing));
			this.finish(step, '✓');
			return result;
		} catch (error) {
			this.finish(step, wasEnded(error) ? '–' : '✗');
			throw error;
		} finally {
			clearInterval(stillBusy);
		}
	}

	/** Writes a line between the steps. */
	line(text = ''): void {
		this.clear();
		process.stdout.write(`${text}\n`);
		this.draw();
	}

	private begin(step: Running): void {
		this.running.add(step);
		if (this.live) this.redraw ??= setInterval(() => this.draw(), REDRAW_MS);
	}

	private finish(step: Running, mark: string): void {
		this.running.delete(step);
		this.line(`  ${mark} ${step.label.padEnd(LABEL_WIDTH)} ${this.elapsed(step)}`);
		if (this.running.size > 0) return;
		clearInterval(this.redraw);
		this.redraw = undefined;
	}

	private tell(step: Running, doing: string): void {
		step.doing = doing;
		if (!this.live) this.tellBusy(step);
	}

	private tellBusy(step: Running): void {
		this.line(`  … ${this.describe(step)}`);
	}

	private describe(step: Running): string {
		const doing = step.doing === '' ? '' : `: ${step.doing}`;
		return `${step.label}${doing} (${this.elapsed(step)})`;
	}

	private elapsed(step: Running): string {
		return duration(performance.now() - step.since);
	}

	private clear(): void {
		if (this.live) process.stdout.write(CLEAR_LINE);
	}

	private draw(): void {
		if (!this.live || this.running.size === 0) return;
		const text = `  … ${[...this.running].map((step) => this.describe(step)).join(', ')}`;
		const width = (process.stdout.columns ?? 80) - 1;
		process.stdout.write(
			CLEAR_LINE + (text.length > width ? `${text.slice(0, width - 1)}…` : text),
		);
	}
}
