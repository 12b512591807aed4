import { defaultEndpoint as endpoint } from '../endpoints';
import type { Operation } from './Operation';
import { videoFields } from '../parameters/fields/videoFields';
import { optionsField, submitOptions } from '../parameters/fields/optionFields';
import { submitItems } from '../run/submitItems';
import { startRun } from '../run/VideoRun';
import { checkWebhookUrl } from '../parameters/webhookUrl';

const fields = videoFields(endpoint);

/** `video: submit`: submits a video and doesn't wait for it. */
export const submit: Operation = {
	value: 'submit',
	name: 'Submit',
	action: 'Submit a video request',
	description: 'Submit a video without waiting; get its result later by its request ID',
	fields: [...fields.all, optionsField(submitOptions)],
	async run(context) {
		const run = await startRun(context, endpoint, fields);
		return await submitItems(context, run, {
			check: ({ account, options }) => {
				if (options.webhookUrl) checkWebhookUrl(account.fal.hosts, options.webhookUrl);
			},
		});
	},
};
