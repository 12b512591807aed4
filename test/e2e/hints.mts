import type { Execution, NodeRun } from '../../scripts/n8n/execution.mts';

/** What n8n shows of a node's hints. */
type RunWithHints = NodeRun & { hints?: Array<{ message: string }> };

/** The hints that a node gave in its last run. */
export function hintsOf(execution: Execution, nodeName: string): string[] {
	const run: RunWithHints | undefined = execution.runs[nodeName]?.at(-1);
	return run?.hints?.map(({ message }) => message) ?? [];
}
