import { STOP_GRACE_MS } from '../n8n/launch.mts';
import type { ProcessTree } from '../processes/processTree.mts';
import type { Member } from './members.mts';

/** Starts a process with this log and waits until it is ready. */
export type Launch = (logFile: string) => Promise<ProcessTree>;

/** How a process is started, and who learns of its end. */
export interface SupervisedOptions {
	name: string;
	/** Without the ending; each run has a log of its own. */
	log: string;
	launch: Launch;
	onChange(): void;
}

/** A process that is started again whenever it ends, as a container platform does. */
export class Supervised {
	readonly member: Member;
	private tree: ProcessTree | undefined;
	private isStopping = false;
	private restart: Promise<void> | undefined;

	constructor(private readonly options: SupervisedOptions) {
		this.member = { name: options.name, runs: [] };
	}

	/** @throws N8nDidNotStart */
	async start(): Promise<void> {
		const logFile = `${this.options.log}.${this.member.runs.length + 1}.log`;
		const tree = await this.options.launch(logFile);
		this.tree = tree;
		const run = { pid: tree.pid!, logFile, state: 'ready' as 'ready' | 'ended' };
		this.member.runs.push(run);
		this.options.onChange();
		void tree.exited.then(() => {
			run.state = 'ended';
			this.options.onChange();
			if (!this.isStopping) this.restart = this.startAgain(tree);
		});
	}

	/** Ends the process for good. */
	async stop(): Promise<void> {
		this.isStopping = true;
		await this.tree?.end(STOP_GRACE_MS);
		await this.restart;
		await this.tree?.end(STOP_GRACE_MS);
	}

	private async startAgain(ended: ProcessTree): Promise<void> {
		// Of a killed process its children may be left.
		await ended.end(0);
		if (this.isStopping) return;
		await this.start().catch((error: unknown) => {
			const isMeantToEnd = this.isStopping || (error as Error).name === 'AbortError';
			if (!isMeantToEnd) console.error(`${this.options.name}: ${String(error)}`);
		});
	}
}
