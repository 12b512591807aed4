import type { IHttpRequestOptions } from 'n8n-workflow';
import { type CredentialFields, signRequest } from '../../../nodes/FalLtxVideo/fal/signRequest';

const FAL: CredentialFields = {
	apiKey: 'id:secret-of-fal',
	customHosts: false,
	allowedHttpRequestDomains: 'domains',
	allowedDomains: 'queue.fal.run, rest.fal.ai, api.fal.ai',
};
const LOCAL: CredentialFields = { ...FAL, customHosts: true, queueUrl: 'http://127.0.0.1:8701' };
const ALLOWING = (allowedDomains: string): CredentialFields => ({ ...FAL, allowedDomains });

/** Options as one of n8n's helpers has them. */
type Options = Record<string, unknown>;

const sign = (credential: CredentialFields, options: Options) =>
	signRequest(credential, options as unknown as IHttpRequestOptions);

test.each<[string, CredentialFields, Options]>([
	["fal's queue", FAL, { url: 'https://queue.fal.run/fal-ai/x' }],
	["n8n's older helper", FAL, { uri: 'https://queue.fal.run/fal-ai/x' }],
	['a base and a path', FAL, { baseURL: 'https://api.fal.ai/v1', url: '/models/pricing' }],
	[
		'its own hosts, whatever is allowed to others',
		{ ...FAL, allowedHttpRequestDomains: 'none' },
		{ url: 'https://rest.fal.ai/x' },
	],
	[
		'a credential that has no such field',
		{ apiKey: 'id:secret' },
		{ url: 'https://rest.fal.ai/x' },
	],
	['a custom host on this machine', LOCAL, { url: 'http://127.0.0.1:8701/fal-ai/x' }],
	['a domain', ALLOWING('A.example.'), { url: 'https://a.example:8443/' }],
	['a subdomain', ALLOWING('x.example, *.b.example'), { url: 'https://a.b.example/' }],
	[
		'any, where all are allowed',
		{ ...FAL, allowedHttpRequestDomains: 'all' },
		{ url: 'https://a.example/' },
	],
	['a private host without https', ALLOWING('gateway'), { url: 'http://gateway:8080/' }],
])('the key goes to %s', (_case, credential, options) => {
	const { headers } = sign(credential, { headers: { Accept: 'x/y' }, ...options });
	expect(headers).toEqual({ Accept: 'x/y', Authorization: `Key ${String(credential.apiKey)}` });
});

const NOT_ALLOWED = 'not among the Allowed Domains';
const IN_THE_CLEAR = 'https with its certificate checked';

test.each<[string, CredentialFields, Options, string]>([
	['another host', FAL, { url: 'https://evil.example/' }, NOT_ALLOWED],
	['another host, by the older helper', FAL, { uri: 'https://evil.example/' }, NOT_ALLOWED],
	['another base', FAL, { baseURL: 'https://evil.example', url: '/x' }, NOT_ALLOWED],
	[
		'two addresses',
		FAL,
		{ url: 'https://queue.fal.run/', uri: 'https://evil.example/' },
		NOT_ALLOWED,
	],
	[
		'a name that begins as one of fal',
		FAL,
		{ url: 'https://queue.fal.run.evil.example/' },
		NOT_ALLOWED,
	],
	[
		'a login that looks like a host',
		FAL,
		{ url: 'https://queue.fal.run@evil.example/' },
		NOT_ALLOWED,
	],
	['a backslash', FAL, { url: 'https:\\\\evil.example' }, NOT_ALLOWED],
	['an address without a scheme', FAL, { url: '//evil.example/' }, 'no valid address'],
	['no address', FAL, { url: '/x' }, 'names no host'],
	[
		'the bare domain of a wildcard',
		ALLOWING('*.b.example'),
		{ url: 'https://b.example/' },
		NOT_ALLOWED,
	],
	['a wildcard of nothing', ALLOWING('*.'), { url: 'https://b.example/' }, NOT_ALLOWED],
	['another host than the custom ones', LOCAL, { url: 'http://127.0.0.1:8709/' }, NOT_ALLOWED],
	["fal's queue in the clear", FAL, { url: 'http://queue.fal.run/' }, IN_THE_CLEAR],
	[
		'another protocol',
		{ ...FAL, allowedHttpRequestDomains: 'all' },
		{ url: 'ftp://gateway/' },
		IN_THE_CLEAR,
	],
	[
		'any host in the clear',
		{ ...FAL, allowedHttpRequestDomains: 'all' },
		{ url: 'http://a.example/' },
		IN_THE_CLEAR,
	],
	[
		'a certificate that is not checked',
		FAL,
		{ url: 'https://queue.fal.run/', skipSslCertificateValidation: true },
		IN_THE_CLEAR,
	],
	[
		'the same of the older helper',
		FAL,
		{ uri: 'https://queue.fal.run/', rejectUnauthorized: false },
		IN_THE_CLEAR,
	],
	[
		'a proxy of its own',
		FAL,
		{ uri: 'https://queue.fal.run/', proxy: 'http://evil.example' },
		'proxy',
	],
	[
		'another site on the same server',
		FAL,
		{ url: 'https://queue.fal.run/', headers: { Host: 'evil.example' } },
		'another host in its Host header',
	],
	[
		'the same, hidden in another spelling',
		FAL,
		{ uri: 'https://queue.fal.run/', headers: { ' hOST': ['evil.example'] } },
		'another host in its Host header',
	],
	[
		'whoever repeats it in the response',
		FAL,
		{ url: 'https://queue.fal.run/', method: 'trace' },
		'not sent with TRACE',
	],
	[
		'a custom host in the clear',
		{ ...LOCAL, platformUrl: 'http://a.example/v1' },
		{ url: 'http://a.example/v1/x' },
		'Platform URL in the credential must start with https://',
	],
])('the key does not go to %s', (_case, credential, options, message) => {
	expect(() => sign(credential, options)).toThrow(message);
});

test('a Host header that says the same is let through', () => {
	const options = { url: 'https://queue.fal.run/x', headers: { Host: 'Queue.fal.run' } };
	expect(sign(FAL, options).headers).toMatchObject({ Authorization: 'Key id:secret-of-fal' });
});

test('redirects are not followed, by neither of the helpers', () => {
	const options = { uri: 'https://queue.fal.run/', followRedirect: true, followAllRedirects: true };
	expect(sign(FAL, options)).toMatchObject({
		disableFollowRedirect: true,
		followRedirect: false,
		followAllRedirects: false,
	});
});
