import type { Operation } from '../Operation';
import { endpointFields } from './fields';
import { optionsField, submitOptions } from './optionFields';
import { startBuying } from './order';
import { submitOrders } from './submitOrders';
import { checkWebhookUrl } from './webhookAddress';

/** `video: submit`: buys a video and doesn't wait for it. */
export const submit: Operation = {
	value: 'submit',
	name: 'Submit',
	action: 'Submit a video request',
	description: 'Order a video and go on at once; collect it later by its request ID',
	fields: [...endpointFields, optionsField(submitOptions)],
	async run(context) {
		const run = await startBuying(context);
		return await submitOrders(context, run, {
			check: ({ options }) => {
				if (options.webhookUrl) checkWebhookUrl(run.fal.hosts, options.webhookUrl);
			},
		});
	},
};
