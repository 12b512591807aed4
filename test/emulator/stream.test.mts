import type { RequestScript } from '../../emulator/index.mts';
import { withFal } from './support.mts';

/** In the queue for so long that a stream finds it there, also on a busy machine. */
const QUEUED = { queueSeconds: 1 };

/** The statuses that a whole stream showed. */
async function statuses(response: Response): Promise<string[]> {
	const text = await response.text();
	return [...text.matchAll(/"status":"(\w+)"/g)].map(([, status]) => status!);
}

async function streamed(script: RequestScript): Promise<string[]> {
	let shown: string[] = [];
	await withFal(async (fal) => {
		fal.script('fox', { job: QUEUED, ...script });
		const { status_url } = await fal.submit({ prompt: 'fox' });
		shown = await statuses(await fal.get(`${status_url}/stream`));
	});
	return shown;
}

test('shows each state once and closes after COMPLETED', () =>
	withFal(async (fal) => {
		fal.script('fox', { job: QUEUED });
		const request = await fal.submit({ prompt: 'fox' });
		const response = await fal.get(`${request.status_url}/stream?logs=1`);
		expect(response.status).toBe(200);
		expect(response.headers.get('content-type')).toBe('text/event-stream');
		expect(await statuses(response)).toEqual(['IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']);
		expect(await statuses(await fal.get(`${request.status_url}/stream`))).toEqual(['COMPLETED']);
	}));

test('shows a new position in the queue', () =>
	withFal(
		async (fal) => {
			const blocks = { job: { runSeconds: 3600 } };
			fal.script('one', blocks);
			const one = await fal.submit({ prompt: 'one' });
			await fal.until(one, 'IN_PROGRESS');
			const two = await fal.submit({ prompt: 'two' });
			const three = await fal.submit({ prompt: 'three' });
			const response = await fal.get(`${three.status_url}/stream`);
			await fal.cancel(two);
			await fal.cancel(one);
			const positions = [...(await response.text()).matchAll(/"queue_position":(\d)/g)];
			expect(positions.map(([, position]) => position)).toEqual(['1', '0']);
		},
		{ concurrency: 1 },
	));

test('sends comments while nothing happens', () =>
	withFal(
		async (fal) => {
			fal.script('fox', { job: { runSeconds: 3600 } });
			const request = await fal.submit({ prompt: 'fox' });
			const response = await fal.get(`${request.status_url}/stream`);
			let text = '';
			const decoder = new TextDecoder();
			for await (const chunk of response.body!) {
				text += decoder.decode(chunk, { stream: true });
				if (text.includes(': ping\n\n: ping\n\n')) break;
			}
			expect(text).toContain('"status":"IN_');
		},
		{ variants: { streamCommentMs: 5 } },
	));

test.each([0, 1, 2])('cutStream ends it after %d events', async (afterEvents) => {
	const shown = await streamed({ stream: [{ kind: 'cutStream', afterEvents }] });
	expect(shown).toEqual(['IN_QUEUE', 'IN_PROGRESS'].slice(0, afterEvents));
});

test('unknownEvent begins it with something unknown', async () => {
	const shown = await streamed({ stream: [{ kind: 'unknownEvent' }] });
	expect(shown).toEqual(['WARMING_UP', 'IN_QUEUE', 'IN_PROGRESS', 'COMPLETED']);
});

test('silentStream stays open and gives nothing after its last event, no comment either', () =>
	withFal(
		async (fal) => {
			fal.script('fox', {
				job: QUEUED,
				stream: [{ kind: 'silentStream', afterEvents: 1 }],
			});
			const request = await fal.submit({ prompt: 'fox' });
			const reader = (await fal.get(`${request.status_url}/stream`)).body!.getReader();
			const first = new TextDecoder().decode((await reader.read()).value);
			expect(first).toMatch(/^data: .*IN_QUEUE.*\n\n$/);
			const more = reader.read().catch(() => 'broken off');
			await fal.until(request, 'COMPLETED');
			await fal.close();
			expect(await more).toBe('broken off');
		},
		{ variants: { streamCommentMs: 1 } },
	));
