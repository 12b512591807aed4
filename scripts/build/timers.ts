import { sleep } from 'n8n-workflow';

/*
 * Put in the place of the timers that bundled libraries ask for: n8n Cloud refuses code that uses
 * Node's own. Only what those libraries need is here.
 */

/** As Node's, on n8n's own `sleep`. */
export function setTimeout(callback: () => void, milliseconds = 0): AbortController {
	const timer = new AbortController();
	sleep(milliseconds, timer.signal).then(callback, () => undefined);
	return timer;
}

/** Ends a timer of the above. */
export function clearTimeout(timer?: AbortController): void {
	timer?.abort();
}
