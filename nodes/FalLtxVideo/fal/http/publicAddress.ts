import * as ipaddr from 'ipaddr.js';

/*
 * fal sends no webhooks to loopback and private addresses (fal: webhook reference) and reports no error, so
 * that is an error before anything is submitted. What a name leads to is not looked up.
 */

/** Names that only mean something on this machine or in this network; `svc` is Kubernetes' for its services. */
const LOCAL_NAME =
	/(^|\.)(localhost|localdomain|local|internal|svc|lan|home|corp|intranet|home\.arpa)$/;

/** Whether an address can be reached from the internet, as far as the address itself shows. */
export function isPublicAddress(url: string): boolean {
	const host = new URL(url).hostname
		.replace(/^\[|\]$/g, '')
		.replace(/(?<!\.)\.+$/, '')
		.toLowerCase();
	if (ipaddr.isValid(host)) return ipaddr.process(host).range() === 'unicast';
	return host.includes('.') && !LOCAL_NAME.test(host);
}

/**
 * Whether fal can call this address. A fal on this machine or in this network, as the local fal or a
 * gateway, reaches whatever n8n reaches.
 *
 * @param queueUrl where requests are sent to
 */
export function canCallBack(queueUrl: string, webhookUrl: string): boolean {
	return isPublicAddress(webhookUrl) || !isPublicAddress(queueUrl);
}
