import { Readable } from 'node:stream';
import { falFetch, secondsOf } from '../../../../nodes/FalLtxVideo/fal/http/falFetch';
import { FAL_HOSTS } from '../../../../nodes/FalLtxVideo/fal/hosts';
import type { FalHttp } from '../../../../nodes/FalLtxVideo/fal/http/n8nHttp';

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
])('a response is read with %s', async (_name, Response) => {
	Object.assign(globalThis, { Response });
	const fetchOnce = falFetch(http as FalHttp, FAL_HOSTS, { doing: 'Asking' });
	const response = await fetchOnce(`${FAL_HOSTS.queue}/one`);
	expect(response.ok).toBe(true);
	expect(await response.json()).toEqual({ request_id: 'one' });
});

const NOW = Date.parse('2026-01-31T12:00:00Z');

test.each([
	['7', 7],
	['0', 0],
	[' 1.5 ', 1.5],
	['Sat, 31 Jan 2026 12:00:30 GMT', 30],
	['Saturday, 31-Jan-26 12:00:30 GMT', 30],
	['Sat, 31 Jan 2026 11:59:00 GMT', 0],
	['-5', undefined],
	['1e3', undefined],
	['soon', undefined],
	['Sat, 99 Foo 2026 12:00:30 GMT', undefined],
	['', undefined],
	[undefined, undefined],
])('Retry-After: %s is %s seconds', (header, seconds) => {
	expect(secondsOf(header, NOW)).toBe(seconds);
});
