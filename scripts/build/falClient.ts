import type { Config } from '../../node_modules/@fal-ai/client/src/config';
import { createQueueClient, type QueueClient } from '../../node_modules/@fal-ai/client/src/queue';
import { defaultResponseHandler } from '../../node_modules/@fal-ai/client/src/response';
import { DEFAULT_RETRY_OPTIONS } from '../../node_modules/@fal-ai/client/src/retry';

/*
 * Put in the place of the entry of fal's client. The nodes call fal's queue only; the client's own
 * entry would bring realtime connections, tokens, a proxy and keys from the environment along.
 */

/** As the client's own, with its queue alone; the caller gives `fetch`, and no credentials. */
export function createFalClient(
	config: Config & Required<Pick<Config, 'fetch'>>,
): Readonly<{ queue: QueueClient }> {
	const queue = createQueueClient({
		config: {
			proxyUrl: '',
			requestMiddleware: async (request) => request,
			responseHandler: defaultResponseHandler,
			suppressLocalCredentialsWarning: true,
			...config,
			credentials: () => undefined,
			retry: { ...DEFAULT_RETRY_OPTIONS, ...config.retry },
		},
		storage: {
			// The client's own would look for files in the input; the nodes upload theirs before.
			transformInput: async (input) => input,
			upload: async () => {
				throw new Error('The queue uploads no files.');
			},
		},
	});
	return { queue };
}
