import type { Credential } from '../scripts/n8n/rest.mts';
import type { Workflow } from '../scripts/n8n/workflow.mts';
import { manualTrigger, TRIGGER, workflow, type Step } from './workflows.mts';

/*
 * What people build without the node: submit by HTTP Request, wait, ask for the status, wait again
 * unless it is done, get the result, fetch the file.
 */

const ENDPOINT = 'fal-ai/ltx-2.3-22b/distilled/text-to-video/lora';

/** How long such templates wait between two questions, in seconds. */
export const TEMPLATE_WAIT_SECONDS = 5;

/** @param credential of the type httpHeaderAuth, with fal's key */
export function templateWorkflow({ id, name }: Credential, queueUrl: string): Workflow {
	const request = (node: string, parameters: object, isSigned = true): Step => ({
		name: node,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			...(isSigned
				? { authentication: 'genericCredentialType', genericAuthType: 'httpHeaderAuth' }
				: {}),
			...parameters,
			options: { ...(parameters as { options?: object }).options },
		},
		...(isSigned ? { credentials: { httpHeaderAuth: { id, name } } } : {}),
	});
	const submitted = "$('Submit').first().json";
	const steps = [
		manualTrigger,
		request('Submit', {
			method: 'POST',
			url: `${queueUrl}/${ENDPOINT}`,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: JSON.stringify({
				prompt: 'A paper boat on a pond.',
				loras: [{ path: 'someone/a-lora' }],
			}),
		}),
		{
			name: 'Wait',
			type: 'n8n-nodes-base.wait',
			typeVersion: 1.1,
			parameters: { amount: TEMPLATE_WAIT_SECONDS, unit: 'seconds' },
		},
		request('Status', { url: `={{ ${submitted}.status_url }}` }),
		{
			name: 'Completed?',
			type: 'n8n-nodes-base.if',
			typeVersion: 2.2,
			parameters: {
				conditions: {
					options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
					conditions: [
						{
							id: 'completed',
							leftValue: '={{ $json.status }}',
							rightValue: 'COMPLETED',
							operator: { type: 'string', operation: 'equals' },
						},
					],
					combinator: 'and',
				},
				options: {},
			},
		},
		request('Result', { url: `={{ ${submitted}.response_url }}` }),
		request(
			'File',
			{
				url: '={{ $json.video.url }}',
				options: { response: { response: { responseFormat: 'file' } } },
			},
			false,
		),
	];
	return workflow('The usual template', steps, {
		[TRIGGER]: ['Submit'],
		Submit: ['Wait'],
		Wait: ['Status'],
		Status: ['Completed?'],
		'Completed?': ['Result', 'Wait'],
		Result: ['File'],
	});
}
