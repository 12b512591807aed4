import type { Lab } from './lab.mts';

/** Figures in columns, as a person reads them. */
export interface Table {
	/** What the rows have in common, where there are several tables. */
	caption?: string;
	columns: string[];
	rows: string[][];
}

/** What a figure should be. Nothing fails when it isn't: the report says so, and why. */
export interface Goal {
	what: string;
	measured: string;
	isMet: boolean;
	/** What holds the figure back, as far as it is known; shown when the goal is missed. */
	why?: string;
}

/** What a benchmark found. */
export interface Findings {
	tables: Table[];
	goals: Goal[];
	/** What one has to know to read the figures correctly. */
	notes?: string[];
}

/** What a benchmark works with. */
export interface Bench {
	/** Few and small rounds, to try a benchmark out. */
	isQuick: boolean;
	/** A real n8n with the packed node. Started when it is asked for: not every benchmark needs one. */
	lab(): Promise<Lab>;
	/** Says what is being measured. */
	report(doing: string): void;
	/** Ends everything when it aborts. */
	signal: AbortSignal;
}

/** Something to be measured. A file named `*.bench.mts` in this folder exports one. */
export interface Benchmark {
	title: string;
	/** What is measured, and how. */
	about: string;
	run(bench: Bench): Promise<Findings>;
}
