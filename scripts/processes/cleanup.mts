type Undo = () => Promise<unknown>;

/** Remembers how to undo what was started, and undoes it in the opposite order. */
export class Cleanup {
	private readonly undos: Undo[] = [];

	/** To be undone at the end, before everything that was added earlier. */
	add(undo: Undo): void {
		this.undos.push(undo);
	}

	/** Undoes all of it. One failure doesn't keep the rest; the first is thrown at the end. */
	async run(): Promise<void> {
		const failures: unknown[] = [];
		for (let undo = this.undos.pop(); undo; undo = this.undos.pop()) {
			await undo().catch((error: unknown) => failures.push(error));
		}
		if (failures.length > 0) throw failures[0];
	}
}
