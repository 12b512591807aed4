import type { FalHosts } from '../fal/hosts';
import { canCallBack } from '../fal/http/publicAddress';

/** A webhook that fal would never call. Nothing was sent when it is thrown. */
export class UnreachableWebhookError extends Error {
	override readonly name = 'UnreachableWebhookError';

	readonly description =
		'Nothing was sent to fal for it, so nothing is billed. fal calls public addresses only. Set the public URL of n8n (N8N_WEBHOOK_URL, in older versions WEBHOOK_URL), or choose another way to wait.';

	constructor(url: string) {
		const { protocol, host } = new URL(url);
		super(
			`fal can't call back to ${protocol}//${host}: that is an address on this machine or in a private network`,
		);
	}
}

/** @throws UnreachableWebhookError when fal is out on the internet and the webhook is not */
export function checkWebhookUrl({ queue }: FalHosts, webhookUrl: string): void {
	if (!canCallBack(queue, webhookUrl)) throw new UnreachableWebhookError(webhookUrl);
}
