import { isPublicAddress } from './http/publicAddress';

/*
 * Rule: this node sends the key to these three hosts and to no other, whatever address a response names.
 */

/** Where fal's APIs are. Each is an address without a slash at its end. */
export interface FalHosts {
	/** Queue: submit, status, result, cancel. */
	queue: string;
	/** Storage and the webhook keys. */
	rest: string;
	/** Prices and the list of requests; ends in its version. */
	platform: string;
}

export const FAL_HOSTS: FalHosts = {
	queue: 'https://queue.fal.run',
	rest: 'https://rest.fal.ai',
	platform: 'https://api.fal.ai/v1',
};

/** The fields of the `falLtxApi` credential that say where fal is. */
export interface HostFields {
	customHosts?: boolean;
	queueUrl?: string;
	restUrl?: string;
	platformUrl?: string;
}

/**
 * fal's own hosts, or those that the credential names; a field left empty means fal's own.
 *
 * @throws TypeError that names the field whose address is none
 */
export function hostsOf(credential: HostFields): FalHosts {
	if (!credential.customHosts) return FAL_HOSTS;
	return {
		queue: address('Queue URL', credential.queueUrl) || FAL_HOSTS.queue,
		rest: address('REST URL', credential.restUrl) || FAL_HOSTS.rest,
		platform: address('Platform URL', credential.platformUrl) || FAL_HOSTS.platform,
	};
}

/**
 * Anything but a plain web address could send the key to another host than the one that was meant, and everybody on the
 * way to a public one could read it over http.
 */
function address(field: string, value: string | undefined): string {
	const url = (value ?? '').trim().replace(/(?<!\/)\/+$/, '');
	if (url === '') return url;
	if (!/^https?:\/\/[^/?#@\s]+(\/[^?#@\s]*)?$/i.test(url) || !URL.canParse(url)) {
		throw new TypeError(
			`${field} in the credential is not a URL that can be used: it must start with https:// or http:// and hold no key, question mark or @`,
		);
	}
	if (/^http:/i.test(url) && isPublicAddress(url)) {
		throw new TypeError(
			`${field} in the credential must start with https://: over http:// everybody on the way could read the key. Only addresses of a private network may have http://`,
		);
	}
	return url;
}

/** Whether an address belongs to one of fal's APIs, so that the key may go there. */
export function isFalApi(hosts: FalHosts, url: string): boolean {
	const { origin } = new URL(url);
	return Object.values(hosts).some((host: string) => new URL(host).origin === origin);
}

/**
 * fal's client has fal's own hosts built in; this is the same address on the hosts in use.
 * An address of no fal API comes back as it is.
 */
export function onHost(hosts: FalHosts, url: string): string {
	for (const api of Object.keys(FAL_HOSTS) as Array<keyof FalHosts>) {
		if (url === FAL_HOSTS[api] || url.startsWith(`${FAL_HOSTS[api]}/`)) {
			return hosts[api] + url.slice(FAL_HOSTS[api].length);
		}
	}
	return url;
}
