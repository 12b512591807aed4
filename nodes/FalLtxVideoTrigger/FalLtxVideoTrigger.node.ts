import {
	type INodeType,
	type INodeTypeDescription,
	type IWebhookDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { optionsField, triggerOptions } from '../FalLtxVideo/parameters/fields/optionFields';
import { receiveVideo } from './receiveVideo';

/** Nothing is registered at fal: each request is submitted with the address that fal calls. */
const webhooks: IWebhookDescription[] = [
	{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'fal-ltx' },
];

export class FalLtxVideoTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'fal LTX Video Trigger',
		name: 'falLtxVideoTrigger',
		icon: { light: 'file:../../icons/falLtx.svg', dark: 'file:../../icons/falLtx.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: 'On video finished',
		// n8n lists a node and its trigger as one, under this text.
		description:
			'Generate video with sound from text, images, audio or video, or start a workflow when fal has finished one',
		eventTriggerDescription: 'fal to report a finished video',
		activationMessage:
			'The workflow starts for each video that is submitted with the production URL of this trigger.',
		defaults: { name: 'fal LTX Video Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'falLtxApi', required: true }],
		webhooks,
		properties: [
			{
				displayName:
					'Copy the URL above into the option Webhook URL of fal LTX Video, which is there with Wait Mode None. fal calls it when the video is finished, or when it failed: the item then has an error.',
				name: 'notice',
				type: 'notice',
				default: '',
			},
			optionsField(triggerOptions),
		],
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receiveVideo(this);
	}
}
