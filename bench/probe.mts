import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openSockets } from './processFacts.mts';

const WITHIN_MS = 30_000;
const POLL_MS = 20;

/** What a process holds once all garbage is collected. */
export interface Held {
	/** Of JavaScript's heap and what its objects hold outside of it, in bytes. */
	memory: number;
	sockets: number;
}

/** Asks n8n's process what it holds. */
export class Probe {
	private readonly file = join(tmpdir(), `n8n-probe-${randomUUID()}`);

	/** What n8n has to be started with. */
	readonly env: Record<string, string> = {
		NODE_OPTIONS: `--import=${new URL('probe.mjs', import.meta.url).href}`,
		BENCH_PROBE_FILE: this.file,
	};

	/** @param pid of an n8n that was started with `env` */
	async held(pid: number): Promise<Held> {
		process.kill(pid, 'SIGUSR2');
		const { heapUsed, external } = JSON.parse(await this.answer()) as NodeJS.MemoryUsage;
		return { memory: heapUsed + external, sockets: await openSockets(pid) };
	}

	private async answer(): Promise<string> {
		const deadline = Date.now() + WITHIN_MS;
		for (;;) {
			const text = await readFile(this.file, 'utf8').catch(() => undefined);
			if (text !== undefined) {
				await rm(this.file);
				return text;
			}
			if (Date.now() > deadline) throw new Error('n8n did not report what it holds.');
			await wait(POLL_MS);
		}
	}
}
