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
import { tasks } from '../../nodes/FalLtxVideo/endpoints';
import { withFiles } from '../../nodes/FalLtxVideo/files/ItemFiles';
import { taskName } from '../../nodes/FalLtxVideo/parameters/fields/taskName';
import { videoFields } from '../../nodes/FalLtxVideo/parameters/fields/videoFields';
import {
	type InputContext,
	readInput,
} from '../../nodes/FalLtxVideo/parameters/reading/input/readInput';
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
		if (type === 'options' || type === 'multiOptions') {
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
		if (known) {
			const chosen = (Array.isArray(value) ? value : [value]) as unknown[];
			return chosen.filter((one) => !known.includes(one)).map((one) => [name, one]);
		}
		return typeof value === 'object' ? goneChoices(value as object, choices) : [];
	});
}

type Values = Record<string, unknown>;

/** What the nodes of one operation have set. */
interface OperationNodes {
	/** Its own fields, and those of the resource and the operation. */
	fields: INodeProperties[];
	nodes: INode[];
}

/** The fields that none of an operation's nodes has set, those inside collections and rows included. */
function unset({ fields, nodes }: OperationNodes, ofAllNodes: INode[]): string[] {
	const given = nodes.map(({ parameters }) => parameters as Values);
	return fields.flatMap(({ name, type, options = [] }): string[] => {
		if (!given.some((parameters) => name in parameters)) return [name];
		const inside = given.map((parameters) => (parameters[name] ?? {}) as Values);
		if (type === 'fixedCollection') {
			return (options as INodePropertyCollection[]).flatMap(({ name: group, values }) =>
				missing(
					values,
					inside.flatMap((one) => (one[group] as Values[] | undefined) ?? []),
				),
			);
		}
		if (type !== 'collection') return [];
		// The node's options are the same whatever the operation is: one of its nodes has each.
		const everywhere = ofAllNodes.map(({ parameters }) => (parameters[name] ?? {}) as Values);
		return missing(options as INodeProperties[], name === 'options' ? everywhere : inside);
	});
}

/** The fields that no row has. */
function missing(fields: INodeProperties[], rows: Values[]): string[] {
	const names = fields.map(({ name }) => name);
	return names.filter((name) => !rows.some((row) => name in row));
}

/** The nodes of each operation of a description; all of them where there are no operations. */
function byOperation(
	description: INodeTypeDescription,
	nodes: INode[],
): Array<[string, OperationNodes]> {
	const { properties } = description;
	const pickers = properties.filter(({ name }) => name === 'operation');
	if (pickers.length === 0) return [[description.name, { fields: properties, nodes }]];
	return pickers.flatMap(({ displayOptions, options = [] }) => {
		const resource = displayOptions!.show!['resource']![0] as string;
		return (options as INodePropertyOptions[]).map(({ value }): [string, OperationNodes] => {
			const isShown = ({ displayOptions: { show } = {} }: INodeProperties) =>
				show?.['resource']?.includes(resource) === true &&
				show['operation']?.includes(value) === true;
			const own = nodes.filter(
				({ parameters }) =>
					parameters['resource'] === resource && parameters['operation'] === value,
			);
			return [`${resource}: ${value}`, { fields: properties.filter(isShown), nodes: own }];
		});
	});
}

describe.each(SAVED)('a workflow saved by $version', (saved) => {
	test.each(nodesOf(saved))('keeps all of "%s" when n8n loads it', (_name, node, description) => {
		const { properties } = description;
		expect(loaded(node, description)).toMatchObject(node.parameters);
		expect(NodeHelpers.getNodeParametersIssues(properties, node, description)).toBeNull();
		expect(goneChoices(node.parameters, choicesIn(properties))).toEqual([]);
	});
});

/** What `={{ {…} }}` gives, without n8n. */
function fileIn(expression: string): unknown {
	const [, text = ''] = /^=\{\{(.*)\}\}$/.exec(expression) ?? [];
	return JSON.parse(text.replace(/(\w+): '/g, "'$1': '").replaceAll("'", '"'));
}

/** A node's parameters as readInput gets them. */
function contextOf({ parameters }: INode): InputContext {
	const at = (value: unknown, key: string) => (value as Values | undefined)?.[key];
	return {
		getNodeParameter: (name: string) => name.split('.').reduce(at, parameters) ?? null,
		getInputData: () => [{}],
		helpers: { assertBinaryData: (_itemIndex: number, given: string) => fileIn(given) },
	} as unknown as InputContext;
}

/** What is sent, as the files of saved workflows write it down. */
function bodyOf(node: INode): unknown {
	const task = tasks.find((one) => taskName(one).replaceAll(' ', '') === operationOf(node))!;
	const { input, files } = readInput(contextOf(node), 0, task, videoFields(task), true);
	const values = files.map(({ path, binary }) => ({
		...{ path, value: `where ${binary.fileName} was uploaded` },
	}));
	const exact = (_key: string, value: unknown) =>
		typeof value === 'bigint' ? String(value) : value;
	return JSON.parse(JSON.stringify(withFiles(input, values), exact));
}

/** `textToVideo` is `TexttoVideo` here. */
const operationOf = ({ parameters }: INode) => {
	const operation = String(parameters['operation']).replaceAll('To', 'to');
	return operation.charAt(0).toUpperCase() + operation.slice(1);
};

describe.each(SAVED)('what fal gets of $version', ({ workflow, received }) => {
	const submitted = Object.entries(received).filter(([, { body }]) => body);

	test('is written down for each node that submits', () => {
		const submitting = workflow.nodes.filter(({ parameters }) => 'prompt' in parameters);
		expect(submitted.map(([name]) => name).sort()).toEqual(
			submitting.map(({ name }) => name).sort(),
		);
	});

	test.each(submitted)('is what "%s" was set to', (name, { body }) => {
		const node = workflow.nodes.find((one) => one.name === name) as unknown as INode;
		expect(bodyOf(node)).toEqual(body);
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

	test.each(nodes)('has all parameters that are shown of "%s"', (_name, node, description) => {
		expect(node.parameters).toEqual(loaded(node, description));
	});

	const operations = [...DESCRIPTIONS].flatMap(([type, description]) => {
		const own = nodes.map(([, node]) => node).filter((node) => node.type === type);
		return byOperation(description, own).map(([name, found]) => [name, found, own] as const);
	});

	// A new parameter: set it in this workflow, or, if its version is released, in one of the version
	// to come (see CONTRIBUTING.md).
	test.each(operations)('has every parameter of %s set', (_name, operation, all) => {
		expect(operation.nodes.length).toBeGreaterThan(0);
		expect(unset(operation, all)).toEqual([]);
	});

	test('has both models of each task that has two', () => {
		for (const [name, { fields, nodes: own }] of operations) {
			const model = fields.find((field) => field.name === 'model');
			if (!model || name === 'video: estimateCost') continue;
			const used = new Set(own.map(({ parameters }) => parameters['model']));
			expect([name, [...used].sort()]).toEqual([name, ['distilled', 'full']]);
		}
	});
});
