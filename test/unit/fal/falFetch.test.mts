import { Readable } from 'node:stream';
import { falFetch } from '../../../nodes/FalLtxVideo/fal/http/falFetch';
import { FAL_HOSTS } from '../../../nodes/FalLtxVideo/fal/hosts';
import type { FalHttp } from '../../../nodes/FalLtxVideo/fal/http/n8nHttp';

const http: Pick<FalHttp, 'withKey'> = {
	withKey: async () =>
		await Promise.resolve({
			status: 200,
			headers: {},
			body: Readable.from([Buffer.from('{"request_id":"one"}')]),
			close: () => undefined,
		}),
};

const { Response: Native } = globalThis;

afterEach(() => Object.assign(globalThis, { Response: Native }));

/** As the MCP server of n8n 2.8 leaves it to the whole process. */
class Replaced extends Native {}
Object.defineProperty(Replaced.prototype, 'json', {
	value: async () => await Promise.reject(new Error('not this one')),
});

test.each([
	['its own Response', Native],
	['the Response that another library put in its place', Replaced],
])('an answer is read with %s', async (_name, Response) => {
	Object.assign(globalThis, { Response });
	const fetchOnce = falFetch(http as FalHttp, FAL_HOSTS, { doing: 'Asking' });
	const answer = await fetchOnce(`${FAL_HOSTS.queue}/one`);
	expect(answer.ok).toBe(true);
	expect(await answer.json()).toEqual({ request_id: 'one' });
});
