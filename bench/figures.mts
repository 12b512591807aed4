/* Figures as a person reads them, and what is made of several. */

const MIB = 1024 ** 2;

export function median(samples: readonly number[]): number {
	const sorted = [...samples].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const milliseconds = (value: number): string => `${Math.round(value)} ms`;

export const seconds = (value: number): string => `${(value / 1000).toFixed(2)} s`;

export const times = (value: number): string => `${value.toFixed(2)} ×`;

export const mebibytes = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

export const kibibytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;

/** e.g. `12 ms (9 to 20)`: the median, and how far the samples lie apart. */
export function spread(samples: readonly number[], unit: (value: number) => string): string {
	const number = (value: number) => unit(value).replace(/ \S+$/, '');
	const [least, most] = [Math.min(...samples), Math.max(...samples)];
	return `${unit(median(samples))} (${number(least)} to ${number(most)})`;
}
