import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { bareKey } from './apiKey';
import { type HostFields, hostsOf, isFalApi } from './hosts';
import { isPublicAddress } from './http/publicAddress';

/*
 * Rules: the key is added to requests for the credential's own hosts and for those that the credential
 * allows by name, whichever node asks for it. It never travels in the clear to a public address, nor
 * through a proxy that only the request names, nor along with a redirect, nor to another site on the same
 * server, nor by a method whose response repeats it. n8n holds its HTTP Request node to the allowed
 * domains too, but not to https, and older versions not after a redirect.
 */

/** The fields of the credential, as n8n resolved them. */
export type CredentialFields = ICredentialDataDecryptedObject &
	HostFields & {
		/** n8n's own field of a credential that HTTP Request nodes can use. */
		allowedHttpRequestDomains?: 'all' | 'domains' | 'none';
		/** Host names with commas between them; `*.` stands for any subdomain. */
		allowedDomains?: string;
	};

/** Options of n8n's newer and older HTTP helpers: the HTTP Request node still uses the older ones. */
type RequestOptions = IHttpRequestOptions & {
	uri?: string;
	followRedirect?: boolean;
	followAllRedirects?: boolean;
	rejectUnauthorized?: boolean;
};

/**
 * The request with the key in its header.
 *
 * @throws TypeError when the key must not be sent where the request goes
 */
export function signRequest(
	credential: CredentialFields,
	options: RequestOptions,
): IHttpRequestOptions {
	requireAllowed(credential, options);
	const signed: RequestOptions = {
		...options,
		headers: { ...options.headers, Authorization: `Key ${bareKey(credential.apiKey)}` },
		disableFollowRedirect: true,
		followRedirect: false,
		followAllRedirects: false,
	};
	return signed;
}

function requireAllowed(credential: CredentialFields, options: RequestOptions): void {
	const urls = addressesOf(options);
	if (urls.length === 0) throw new TypeError('The key is not sent: the request names no host');
	for (const url of urls) {
		if (!isAllowedHost(credential, url)) {
			throw new TypeError(
				`The key is not sent to ${url.host}: it is not among the Allowed Domains of the credential`,
			);
		}
		if (!isForHost(options, url)) {
			throw new TypeError(
				`The key is not sent to ${url.host}: the request has another host in its Host header`,
			);
		}
		if (!isSafeWay(options, url)) {
			throw new TypeError(
				`The key is not sent to ${url.host}: outside of private networks that takes https with its certificate checked`,
			);
		}
	}
	if (/^\s*trace\s*$/i.test(options.method ?? '')) {
		throw new TypeError('The key is not sent with TRACE, as the response would repeat it');
	}
	if (options.proxy) throw new TypeError('The key is not sent through a proxy of the request');
}

/** Every whole address in the options, as which of them counts is up to n8n. */
function addressesOf({ baseURL, url, uri }: RequestOptions): URL[] {
	return [baseURL, url, uri]
		.map((address) => (address ?? '').trim())
		.filter((address) => /^([a-z][a-z\d+.-]*:|\/\/|\\)/i.test(address))
		.map((address) => {
			if (URL.canParse(address)) return new URL(address);
			throw new TypeError('The key is not sent: the request has no valid address');
		});
}

function isAllowedHost(credential: CredentialFields, url: URL): boolean {
	if (isFalApi(hostsOf(credential), url.href)) return true;
	const { allowedHttpRequestDomains: mode, allowedDomains } = credential;
	if (mode === 'all') return true;
	return mode === 'domains' && isListed(url.hostname, allowedDomains ?? '');
}

/** By its Host header a server that has many sites, as a CDN, would hand the key on to one of the others. */
function isForHost({ headers }: RequestOptions, { host }: URL): boolean {
	return Object.entries(headers ?? {}).every(
		([name, value]) => name.trim().toLowerCase() !== 'host' || sameText(value, host),
	);
}

function sameText(value: unknown, expected: string): boolean {
	return String(value).trim().toLowerCase() === expected;
}

/** Read as n8n reads the field. */
function isListed(hostname: string, allowedDomains: string): boolean {
	const name = hostname.toLowerCase().replace(/\.$/, '');
	return allowedDomains
		.split(',')
		.map((domain) => domain.trim().toLowerCase().replace(/\.$/, ''))
		.some((domain) =>
			domain.startsWith('*.') ? domain !== '*.' && name.endsWith(domain.slice(1)) : domain === name,
		);
}

function isSafeWay(options: RequestOptions, url: URL): boolean {
	if (!isPublicAddress(url.href)) return /^https?:$/.test(url.protocol);
	const isChecked =
		options.rejectUnauthorized !== false && options.skipSslCertificateValidation !== true;
	return url.protocol === 'https:' && isChecked;
}
