// Loaded into n8n's process before n8n itself (NODE_OPTIONS): on SIGUSR2 it collects all garbage and
// writes what the process still holds, as JSON, to the file that BENCH_PROBE_FILE names. From
// from outside, garbage looks like what is in use.
import { renameSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const file = process.env.BENCH_PROBE_FILE;

// Of n8n's processes only the main one is asked; those that it starts inherit the option.
if (file !== undefined && process.argv.includes('start')) {
	setFlagsFromString('--expose-gc');
	// Code that was not used for a while would go, too, and look like memory that was given back.
	setFlagsFromString('--no-flush-bytecode');
	const collectGarbage = runInNewContext('gc');
	process.on('SIGUSR2', () => {
		collectGarbage();
		// What the first one let go of, e.g. of weak references, goes with the second.
		setImmediate(() => {
			collectGarbage();
			writeFileSync(`${file}.new`, JSON.stringify(process.memoryUsage()));
			renameSync(`${file}.new`, file);
		});
	});
}
