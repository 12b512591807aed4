import type { IExecuteFunctions, IWebhookDescription } from 'n8n-workflow';

/*
 * Rule: the URL has its own last segment. All waiting nodes of an execution share the rest of it, and
 * a late webhook call must not resume a Wait node further down.
 */
const PATH = 'fal-ltx';

/** The webhook of a waiting execution; `restartWebhook` means that it is there only while it waits. */
export const resumeWebhook: IWebhookDescription = {
	name: 'default',
	httpMethod: 'POST',
	responseMode: 'onReceived',
	path: PATH,
	restartWebhook: true,
};

/** Where fal calls the webhook of this execution. Its token is a secret: it is for fal alone. */
export function webhookUrlOf(context: Pick<IExecuteFunctions, 'evaluateExpression'>): string {
	const url = new URL(String(context.evaluateExpression('{{ $execution.resumeUrl }}', 0)));
	url.pathname = `${url.pathname}/${PATH}`;
	return url.toString();
}
