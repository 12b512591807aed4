const TEXT =
	'The execution continues when fal calls its webhook, as the video is made, or when the timeout of the options has passed. Stop cancels nothing on fal.';

/**
 * What the editor says of a node at which the execution waits: only with Wait Mode Webhook does it. The
 * option as it was entered may be an expression.
 */
export const waitingTooltip = `={{ ((mode) => typeof mode === "string" && (mode === "webhook" || mode.startsWith("=")) ? ${JSON.stringify(TEXT)} : "")($rawParameter.options?.waitMode) }}`;
