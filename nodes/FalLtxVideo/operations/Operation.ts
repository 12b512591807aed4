import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { ItemSchema } from '../output/itemSchema';

/** One thing the node can do, as one file in a resource's folder. */
export interface Operation {
	/** The value of the `operation` parameter; saved workflows hold it. */
	value: string;
	/** Title Case, in the list of operations. */
	name: string;
	/** Sentence case, in the list of a node's actions. */
	action: string;
	description: string;
	/** The operation's own parameters; they are shown for this operation only. */
	fields: INodeProperties[];
	/** What its items hold, which the editor shows before the node has run. */
	output: ItemSchema;
	/** Does it for all input items. Each output item is paired with the item it came from. */
	run(context: IExecuteFunctions): Promise<INodeExecutionData[]>;
}

/** What a group of operations is about. */
export interface Resource {
	/** The value of the `resource` parameter; saved workflows hold it. */
	value: string;
	name: string;
	operations: Operation[];
}
