import { FalError } from '../../../../nodes/FalLtxVideo/fal/errors/FalError';
import type { FalQueue } from '../../../../nodes/FalLtxVideo/fal/queue/falQueue';
import { findOpenRequest } from '../../../../nodes/FalLtxVideo/request/status/findOpenRequest';

const refused = (status: number, detail: string) =>
	new FalError({ kind: 'response', doing: 'Asking for the status', status, detail });

/** A queue that knows these states, and takes down whom it is asked about. */
function queue(states: Record<string, string | FalError>) {
	const asked: string[] = [];
	const status = async (id: string) => {
		asked.push(id);
		const state = states[id];
		if (state instanceof FalError) throw state;
		return await Promise.resolve({ status: state ?? 'COMPLETED' });
	};
	return { asked, queue: { status } as unknown as FalQueue };
}

const IDS = Array.from({ length: 50 }, (_, i) => `r${i}`);

test('the newest is asked for first, and alone', async () => {
	const { asked, queue: fal } = queue({ r49: 'IN_QUEUE' });
	expect(await findOpenRequest(fal, IDS)).toBe('r49');
	expect(asked).toEqual(['r49']);
});

test('an old one that is still running is found', async () => {
	const { asked, queue: fal } = queue({ r0: 'IN_PROGRESS' });
	expect(await findOpenRequest(fal, IDS)).toBe('r0');
	expect(asked.sort()).toEqual([...IDS].sort());
});

test('when all have ended there is none, each asked for once', async () => {
	const { asked, queue: fal } = queue({});
	expect(await findOpenRequest(fal, IDS)).toBeUndefined();
	expect(asked.sort()).toEqual([...IDS].sort());
	expect(await findOpenRequest(fal, [])).toBeUndefined();
});

test('a status that is not documented is no reason to wait for a webhook', async () => {
	const { queue: fal } = queue({ r0: 'FAILED' });
	expect(await findOpenRequest(fal, ['r0', 'r1'])).toBeUndefined();
});

test('what fal no longer knows has ended', async () => {
	const { queue: fal } = queue({ r1: refused(404, 'NOT_FOUND') });
	expect(await findOpenRequest(fal, ['r1'])).toBeUndefined();
});

test("a gateway's 404 and a broken fal decide nothing", async () => {
	for (const error of [refused(404, 'no route'), refused(502, 'bad gateway')]) {
		const { queue: fal } = queue({ r1: error });
		await expect(findOpenRequest(fal, ['r1'])).rejects.toBe(error);
	}
});
