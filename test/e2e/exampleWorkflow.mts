import { readFile } from 'node:fs/promises';
import { nodeNamed, type Workflow } from '../../scripts/n8n/workflow.mts';

/** A workflow that people import, by its file's name. */
export async function readWorkflow(file: string): Promise<Workflow> {
	const url = new URL(`../../examples/${file}`, import.meta.url);
	return JSON.parse(await readFile(url, 'utf8')) as Workflow;
}

/** A copy of the workflow with some of a node's own properties changed, its parameters among them. */
export function withNode(
	workflow: Workflow,
	name: string,
	changes: { parameters?: Record<string, unknown>; [setting: string]: unknown },
): Workflow {
	const original = nodeNamed(workflow, name);
	const parameters = { ...original.parameters, ...changes.parameters };
	const changed = { ...original, ...changes, parameters };
	const nodes = workflow.nodes.map((node) => (node === original ? changed : node));
	return { ...workflow, nodes };
}

interface Assignment {
	name: string;
	value: unknown;
}

/** A copy of the workflow in which an Edit Fields node sets other values. */
export function withFields(
	workflow: Workflow,
	name: string,
	values: Record<string, unknown>,
): Workflow {
	const { assignments, ...rest } = nodeNamed(workflow, name).parameters as {
		assignments: { assignments: Assignment[] };
	};
	const known = assignments.assignments;
	const unknown = Object.keys(values).filter((field) => !known.some((set) => set.name === field));
	if (unknown.length > 0) throw new Error(`"${name}" sets no ${unknown.join(', ')}.`);
	const changed = known.map((set) => ({ ...set, value: values[set.name] ?? set.value }));
	return withNode(workflow, name, {
		parameters: { ...rest, assignments: { assignments: changed } },
	});
}
