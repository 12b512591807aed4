import { readdir, readFile, readlink } from 'node:fs/promises';

/* What the system shows of a process. Linux only: it is read from /proc. */

/** Memory of a process that is in RAM, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8').catch((error: unknown) => {
		throw new Error('This is measured with /proc, which only Linux has.', { cause: error });
	});
	return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Sockets that a process has open. */
export async function openSockets(pid: number): Promise<number> {
	const folder = `/proc/${pid}/fd`;
	const links = (await readdir(folder)).map(
		// One that was closed meanwhile is none any more.
		async (fd) => await readlink(`${folder}/${fd}`).catch(() => ''),
	);
	return (await Promise.all(links)).filter((link) => link.startsWith('socket:')).length;
}

const SAMPLE_MS = 25;

/** Runs a function, and measures how far the memory of a process rose meanwhile, in bytes. */
export async function memoryRise<T>(
	pid: number,
	run: () => Promise<T>,
): Promise<{ result: T; riseBytes: number }> {
	const before = await residentBytes(pid);
	let peak = before;
	let failure: unknown;
	const sample = async () => (peak = Math.max(peak, await residentBytes(pid)));
	const sampling = setInterval(() => {
		sample().catch((error: unknown) => (failure = error));
	}, SAMPLE_MS);
	try {
		const result = await run();
		await sample();
		if (failure) throw failure;
		return { result, riseBytes: peak - before };
	} finally {
		clearInterval(sampling);
	}
}
