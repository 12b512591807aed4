export interface ExclusiveOptions {
	/** Called once when another process holds the lock, with its process id. */
	onWait?: (owner: number | undefined) => void;
	/** Ends the waiting. */
	signal?: AbortSignal;
}

/** Runs `work` while no other process of this machine holds the same lock file. */
export function exclusive<Result>(
	file: string,
	work: () => Promise<Result>,
	options?: ExclusiveOptions,
): Promise<Result>;
