import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';
import manifest from '../../package.json';
import { FalLtxVideo } from '../../nodes/FalLtxVideo/FalLtxVideo.node';
import { savedWorkflows } from '../fixtures/savedWorkflows.mts';

const { description } = new FalLtxVideo();
const TYPE = `${manifest.name}.${description.name}`;
const SAVED = savedWorkflows();
const newest = SAVED.at(-1)!;

const nodesOf = ({ workflow }: (typeof SAVED)[0]) =>
	workflow.nodes.filter(({ type }) => type === TYPE).map((node) => node as unknown as INode);

/** A node's parameters after n8n has loaded them: what the node does not know is gone. */
const loaded = (node: INode): INodeParameters =>
	NodeHelpers.getNodeParameters(
		description.properties,
		node.parameters,
		true,
		false,
		node,
		description,
	) as INodeParameters;

/** The values that can be chosen, by the name of the field, however deep that is. */
function choicesIn(properties: INodeProperties[], found = new Map<string, unknown[]>()) {
	for (const { name, type, options = [] } of properties) {
		if (type === 'options') {
			const values = (options as INodePropertyOptions[]).map(({ value }) => value);
			found.set(name, [...(found.get(name) ?? []), ...values]);
		}
		if (type === 'collection') choicesIn(options as INodeProperties[], found);
	}
	return found;
}

const choices = choicesIn(description.properties);

/** The chosen values that nobody could choose any more, with their fields. */
function goneChoices(parameters: object): Array<[field: string, value: unknown]> {
	return Object.entries(parameters).flatMap(([name, value]): Array<[string, unknown]> => {
		const known = choices.get(name);
		if (known) return known.includes(value) ? [] : [[name, value]];
		return typeof value === 'object' ? goneChoices(value as object) : [];
	});
}

const everyNode = SAVED.flatMap((saved) =>
	nodesOf(saved).map((node) => [saved.version, node.name, node] as const),
);

describe('a saved workflow', () => {
	test.each(everyNode)('of %s keeps all of "%s" when n8n loads it', (_version, _name, node) => {
		expect(loaded(node)).toMatchObject(node.parameters);
		const { properties } = description;
		expect(NodeHelpers.getNodeParametersIssues(properties, node, description)).toBeNull();
		expect(goneChoices(node.parameters)).toEqual([]);
	});

	const operationsOf = (nodes: INode[]) =>
		nodes.map(({ parameters: { resource, operation } }) => `${resource}: ${operation}`);

	test('has every operation', () => {
		const all = description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ displayOptions, options = [] }) =>
				options.map((option) => {
					const [resource] = displayOptions?.show?.['resource'] ?? [];
					return `${String(resource)}: ${String('value' in option && option.value)}`;
				}),
			);
		expect([...new Set(operationsOf(nodesOf(newest)))].sort()).toEqual(all.sort());
	});

	// A new parameter: set it in the newest workflow, or, if that version is released, in one of the
	// version to come (see CONTRIBUTING.md).
	test.each(nodesOf(newest).map((node) => [node.name, node] as const))(
		'has every parameter of "%s" set',
		(_name, node) => expect(node.parameters).toEqual(loaded(node)),
	);
});
