import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeConnectionTypes,
	NodeOperationError,
} from 'n8n-workflow';
import { findOperation, properties, subtitle } from './operations';
import { errorItem, nodeError } from './output/errors/nodeErrors';
import { hintsBeforeRun } from './output/hints/hintsBeforeRun';
import { answerForModel, isTool } from './parameters/tool';
import { answerWebhook } from './waiting/answerWebhook';
import { resumeWebhook } from './waiting/resumeWebhook';
import { waitingTooltip } from './waiting/waitingTooltip';

/** A constant, as n8n's lint takes inline ones for those of a trigger. */
const webhooks = [resumeWebhook];

export class FalLtxVideo implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fal LTX Video',
		name: 'falLtxVideo',
		icon: { light: 'file:../../icons/falLtx.svg', dark: 'file:../../icons/falLtx.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle,
		description:
			'Generate video with sound from text, images, audio or video, with LTX-2.3 on fal.ai and your own LoRAs',
		defaults: { name: 'fal LTX Video' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'falLtxApi',
				required: true,
				// An estimate with the published price makes no call and needs no key.
				displayOptions: { hide: { priceSource: ['published'] } },
			},
		],
		webhooks,
		hints: hintsBeforeRun,
		waitingNodeTooltip: waitingTooltip,
		properties,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const resource = this.getNodeParameter('resource', 0) as string;
		const name = this.getNodeParameter('operation', 0) as string;
		const operation = findOperation(resource, name);
		if (!operation) {
			throw new NodeOperationError(this.getNode(), `There is no operation ${resource}: ${name}`);
		}
		try {
			return [await operation.run(this)];
		} catch (error) {
			const node = this.getNode();
			if (isTool(node)) return [[answerForModel(node, nodeError(node, error))]];
			if (!this.continueOnFail()) throw nodeError(node, error);
			// n8n would hand on the input as if all had gone well.
			return [this.getInputData().map((_item, itemIndex) => errorItem(node, error, itemIndex))];
		}
	}

	/** Called by fal while an execution waits at this node. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await answerWebhook(this);
	}
}
