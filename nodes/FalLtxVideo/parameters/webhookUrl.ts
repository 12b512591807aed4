import type { FalHosts } from '../fal/hosts';
import { NotSentError } from '../request/NotSentError';
import { canCallBack } from '../fal/http/publicAddress';

const NEXT =
	'fal calls public addresses only. Set the public URL of n8n (N8N_WEBHOOK_URL, in older versions WEBHOOK_URL), or choose another way to wait.';

/** @throws NotSentError when fal is on the internet and the webhook is not */
export function checkWebhookUrl({ queue }: FalHosts, webhookUrl: string): void {
	if (canCallBack(queue, webhookUrl)) return;
	const { protocol, host } = new URL(webhookUrl);
	throw new NotSentError(
		`fal can't call back to ${protocol}//${host}: that is an address on this machine or in a private network`,
		NEXT,
	);
}
