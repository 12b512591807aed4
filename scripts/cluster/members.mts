import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** One run of a process of the cluster, from its start to its end. */
export interface ProcessRun {
	/** Of the process, which is the head of its own group. */
	pid: number;
	logFile: string;
	state: 'ready' | 'ended';
}

/** A process of the cluster: the main one or a worker. It is started again whenever it ends. */
export interface Member {
	name: string;
	runs: ProcessRun[];
}

/**
 * What the tests know of the cluster's processes. They run in another process than the one that
 * started n8n, and read it from a file.
 */
export class MemberFile {
	constructor(readonly path: string) {}

	read(): Member[] {
		return JSON.parse(readFileSync(this.path, 'utf8')) as Member[];
	}

	/** At once or not at all: somebody may be reading. */
	write(members: Member[]): void {
		writeFileSync(`${this.path}.new`, JSON.stringify(members));
		renameSync(`${this.path}.new`, this.path);
	}
}
