import type {
	IAuthenticate,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';
import { TESTED_ENDPOINT } from '../nodes/FalLtxVideo/endpoints/ids';
import { FAL_HOSTS } from '../nodes/FalLtxVideo/fal/hosts';
import { signRequest } from '../nodes/FalLtxVideo/fal/signRequest';

const onlyCustomHosts = { show: { customHosts: [true] } };

/** The names of fal's hosts, as n8n's field of allowed domains takes them. */
const FAL_DOMAINS = Object.values(FAL_HOSTS)
	.map((url: string) => new URL(url).hostname)
	.join(', ');

export class FalLtxApi implements ICredentialType {
	name = 'falLtxApi';

	displayName = 'Fal LTX API';

	documentationUrl = 'https://github.com/n8n-nodes-fal-ltx/n8n-nodes-fal-ltx#credentials';

	icon: Icon = { light: 'file:../icons/falLtx.svg', dark: 'file:../icons/falLtx.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			placeholder: 'e.g. 0a1b2c3d-…:4e5f6a7b…',
			description:
				'Make one on <a href="https://fal.ai/dashboard/keys" target="_blank">fal.ai/dashboard/keys</a> with the scope "API". It has two parts with a colon between them.',
		},
		{
			displayName: 'Use Custom Hosts',
			name: 'customHosts',
			type: 'boolean',
			noDataExpression: true,
			default: false,
			description:
				'Whether to send requests, and the key, to other addresses than those of fal.ai, for example to a gateway of yours or to the local fal of this package',
		},
		{
			displayName: 'Queue URL',
			name: 'queueUrl',
			type: 'string',
			noDataExpression: true,
			default: FAL_HOSTS.queue,
			displayOptions: onlyCustomHosts,
			description: 'Takes requests and gives their status and results',
		},
		{
			displayName: 'REST URL',
			name: 'restUrl',
			type: 'string',
			noDataExpression: true,
			default: FAL_HOSTS.rest,
			displayOptions: onlyCustomHosts,
			description: 'Takes uploads of files',
		},
		{
			displayName: 'Platform URL',
			name: 'platformUrl',
			type: 'string',
			noDataExpression: true,
			default: FAL_HOSTS.platform,
			displayOptions: onlyCustomHosts,
			description: 'Gives prices and lists requests. Ends in the version of its API.',
		},
		{
			displayName: 'Allowed HTTP Request Domains',
			name: 'allowedHttpRequestDomains',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'All',
					value: 'all',
					description: 'HTTP Request nodes may send the key to any host that has https',
				},
				{
					name: 'Specific Domains',
					value: 'domains',
					description: 'HTTP Request nodes may send the key to the domains below',
				},
				{
					name: 'None',
					value: 'none',
					description: 'HTTP Request nodes may not use this credential',
				},
			],
			// n8n adds these two fields itself where a credential has none, with All as the default.
			default: 'domains',
			description:
				'Where HTTP Request nodes may send the key. The fal LTX Video nodes send it to the hosts of fal, or to your custom hosts, whatever is chosen here.',
		},
		{
			displayName: 'Allowed Domains',
			name: 'allowedDomains',
			type: 'string',
			noDataExpression: true,
			default: FAL_DOMAINS,
			placeholder: 'e.g. queue.fal.run, *.example.com',
			displayOptions: { show: { allowedHttpRequestDomains: ['domains'] } },
			description:
				'Names of hosts with commas between them. With custom hosts, add theirs if HTTP Request nodes shall use this credential there.',
		},
	];

	/** Adds the key only where it may go, whichever node of n8n's asks. */
	authenticate: IAuthenticate = async (credential, options) => signRequest(credential, options);

	/** Asks for a price, which is free: no test ever submits a request. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{$credentials.customHosts && $credentials.platformUrl ? $credentials.platformUrl.trim().replace(/\\/+$/, "") : "${FAL_HOSTS.platform}"}}`,
			url: '/models/pricing',
			qs: { endpoint_id: TESTED_ENDPOINT },
			// The key would go along to wherever a redirect leads.
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message: 'fal does not know this key. Copy both parts, with the colon between them.',
				},
			},
		],
	};
}
