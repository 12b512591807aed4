import type {
	IAuthenticateGeneric,
	Icon,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';
import { LTX_2_3_DISTILLED_TEXT_TO_VIDEO_LORA } from '../nodes/FalLtxVideo/endpoints/ids';
import { FAL_HOSTS } from '../nodes/FalLtxVideo/fal/hosts';

const onlyCustomHosts = { show: { customHosts: [true] } };

/**
 * The key alone, however it was copied: in quotes, with blanks or line breaks around it, or with the
 * scheme of its header before it. An expression, as n8n evaluates it when a request is signed.
 */
const BARE_KEY =
	'$credentials.apiKey.replace(/["\'`\\u200b\\ufeff]/g, "").trim().replace(/^(key|bearer)\\s+/i, "")';

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
				'Made on fal.ai under Dashboard → API Keys with the scope "API". It has two parts with a colon between them.',
		},
		{
			displayName: 'Use Custom Hosts',
			name: 'customHosts',
			type: 'boolean',
			default: false,
			description:
				'Whether to send requests, and the key, to other addresses than those of fal.ai, for example to a gateway of yours or to the local fal of this package',
		},
		{
			displayName: 'Queue URL',
			name: 'queueUrl',
			type: 'string',
			default: FAL_HOSTS.queue,
			displayOptions: onlyCustomHosts,
			description: 'Takes requests, tells their status and gives their results',
		},
		{
			displayName: 'REST URL',
			name: 'restUrl',
			type: 'string',
			default: FAL_HOSTS.rest,
			displayOptions: onlyCustomHosts,
			description: 'Takes uploads of LoRA files',
		},
		{
			displayName: 'Platform URL',
			name: 'platformUrl',
			type: 'string',
			default: FAL_HOSTS.platform,
			displayOptions: onlyCustomHosts,
			description: 'Tells prices and lists requests. Ends in the version of its API.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: `=Key {{${BARE_KEY}}}` } },
	};

	/** Asks for a price, which is free: no test ever submits a request. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: `={{$credentials.customHosts && $credentials.platformUrl ? $credentials.platformUrl.trim().replace(/\\/+$/, "") : "${FAL_HOSTS.platform}"}}`,
			url: '/models/pricing',
			qs: { endpoint_id: LTX_2_3_DISTILLED_TEXT_TO_VIDEO_LORA },
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
