/*
 * Whether something takes linear time. Texts grow tenfold, and what is not linear shows long before it
 * would take minutes: the first size that takes too long ends the measurement. Only the processor's time counts.
 */

const SIZES = [24, 1_000, 20_000, 200_000];

/** What takes longer than this must grow no faster than the text. */
const LIMIT_MS = 60;

/** What was faster is not measured exactly. */
const SHORTEST_MS = 0.5;

/** Quadratic work on 20 kB takes tens of milliseconds: what takes less than this is not tried further. */
const NOTHING_MS = 2;

/** A tenfold text may take so many times ten times as long; quadratic work takes a hundred times. */
const TOLERANCE = 6;

/** A run may meet the garbage collector; not each one does, and what takes seconds is slow anyway. */
const TRIES = 5;
const LONG_MS = 1_000;

/** A hostile text of about a size. */
export type TextOfSize = (characters: number) => string;

/** A text repeated, between others. */
export const repeated =
	(piece: string, before = '', after = ''): TextOfSize =>
	(characters) =>
		before + piece.repeat(Math.ceil(characters / piece.length)) + after;

/** @returns undefined when it is fast, or linear; else how long it took for which size */
export function slowness(run: (text: string) => void, textOfSize: TextOfSize): string | undefined {
	let [sizeBefore, before] = [1, 0];
	for (const size of SIZES) {
		const text = textOfSize(size);
		const fastest = fastestOf(() => run(text));
		if (size === SIZES.at(-2) && fastest < NOTHING_MS) return undefined;
		const linear = (size / sizeBefore) * Math.max(before, size === SIZES[0] ? 0 : SHORTEST_MS);
		if (fastest > LIMIT_MS && fastest > TOLERANCE * linear) {
			return `${Math.round(fastest)} ms for ${text.length} characters`;
		}
		[sizeBefore, before] = [size, fastest];
	}
	return undefined;
}

function fastestOf(run: () => void): number {
	const times: number[] = [];
	do times.push(timeOf(run));
	while (times.at(-1)! > LIMIT_MS && times.at(-1)! < LONG_MS && times.length < TRIES);
	return Math.min(...times);
}

/** Milliseconds of the processor's time, which other processes don't add to. */
function timeOf(run: () => void): number {
	const before = process.cpuUsage();
	run();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1000;
}
