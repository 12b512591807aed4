import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyCollection,
	type INodePropertyOptions,
	type INodeTypeDescription,
} from 'n8n-workflow';
import manifest from '../../package.json';
import { FalLtxVideo } from '../../nodes/FalLtxVideo/FalLtxVideo.node';
import { FalLtxVideoTrigger } from '../../nodes/FalLtxVideoTrigger/FalLtxVideoTrigger.node';
import { savedWorkflows } from '../fixtures/savedWorkflows.mts';

const DESCRIPTIONS = new Map(
	[new FalLtxVideo(), new FalLtxVideoTrigger()].map(({ description }) => [
		`${manifest.name}.${description.name}`,
		description,
	]),
);
const SAVED = savedWorkflows();

/** A node of ours, with its name first, which names the test. */
type Saved = readonly [name: string, node: INode, description: INodeTypeDescription];

const nodesOf = ({ workflow }: (typeof SAVED)[0]) =>
	workflow.nodes.flatMap((node): Saved[] => {
		const description = DESCRIPTIONS.get(node.type);
		return description ? [[node.name, node as unknown as INode, description]] : [];
	});

/** A node's parameters after n8n has loaded them: what the node does not know is gone. */
function loaded(node: INode, description: INodeTypeDescription): INodeParameters {
	const { properties } = description;
	const all = [true, false] as const;
	return NodeHelpers.getNodeParameters(
		properties,
		node.parameters,
		...all,
		node,
		description,
	) as INodeParameters;
}

/** The values that can be chosen, by the name of the field, however deep that is. */
function choicesIn(properties: INodeProperties[], found = new Map<string, unknown[]>()) {
	for (const { name, type, options = [] } of properties) {
		if (type === 'options') {
			const values = (options as INodePropertyOptions[]).map(({ value }) => value);
			found.set(name, [...(found.get(name) ?? []), ...values]);
		}
		if (type === 'collection') choicesIn(options as INodeProperties[], found);
		if (type === 'fixedCollection') {
			for (const { values } of options as INodePropertyCollection[]) choicesIn(values, found);
		}
	}
	return found;
}

/** The chosen values that can no longer be chosen, with their fields. */
function goneChoices(parameters: object, choices: Map<string, unknown[]>): unknown[] {
	return Object.entries(parameters).flatMap(([name, value]): unknown[] => {
		const known = choices.get(name);
		if (known) return known.includes(value) ? [] : [[name, value]];
		return typeof value === 'object' ? goneChoices(value as object, choices) : [];
	});
}

type Values = Record<string, unknown>;

/** The fields inside collections that are set nowhere; n8n adds those of no collection by itself. */
function unset(node: INode, description: INodeTypeDescription): string[] {
	const { parameters } = node;
	const shown = description.properties.filter((property) =>
		NodeHelpers.displayParameter(parameters, property, node, description),
	);
	return shown.flatMap(({ name, type, options = [] }): string[] => {
		const given = parameters[name];
		if (type === 'collection') return missing(options as INodeProperties[], [given as Values]);
		if (type !== 'fixedCollection') return [];
		return (options as INodePropertyCollection[]).flatMap(({ name: group, values }) =>
			missing(values, (given as Record<string, Values[]>)[group]!),
		);
	});
}

/** The fields that no row has. */
function missing(fields: INodeProperties[], rows: Values[]): string[] {
	const names = fields.map(({ name }) => name);
	return names.filter((name) => !rows.some((row) => name in row));
}

describe.each(SAVED)('a workflow saved by $version', (saved) => {
	test.each(nodesOf(saved))('keeps all of "%s" when n8n loads it', (_name, node, description) => {
		const { properties } = description;
		expect(loaded(node, description)).toMatchObject(node.parameters);
		expect(NodeHelpers.getNodeParametersIssues(properties, node, description)).toBeNull();
		expect(goneChoices(node.parameters, choicesIn(properties))).toEqual([]);
	});
});

describe('the newest saved workflow', () => {
	const nodes = nodesOf(SAVED.at(-1)!);

	test('has every node', () => {
		expect(DESCRIPTIONS.size).toBe(manifest.n8n.nodes.length);
		expect(new Set(nodes.map(([, { type }]) => type))).toEqual(new Set(DESCRIPTIONS.keys()));
	});

	test('has every operation', () => {
		const operations = [...DESCRIPTIONS.values()].flatMap(({ properties }) =>
			properties.filter(({ name }) => name === 'operation'),
		);
		const all = operations.flatMap(({ displayOptions, options = [] }) =>
			(options as INodePropertyOptions[]).map(({ value }) => ({
				resource: displayOptions?.show?.['resource']?.[0],
				operation: value,
			})),
		);
		const used = nodes.map(([, { parameters }]) => parameters);
		for (const operation of all) expect(used).toContainEqual(expect.objectContaining(operation));
	});

	// A new parameter: set it in this workflow, or, if its version is released, in one of the version
	// to come (see CONTRIBUTING.md).
	test.each(nodes)('has every parameter of "%s" set', (_name, node, description) => {
		expect(node.parameters).toEqual(loaded(node, description));
		expect(unset(node, description)).toEqual([]);
	});
});
