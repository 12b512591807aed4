import type { CallFault } from '../../emulator/index.mts';
import { useEngine } from './engine.mts';
import { generateIn, useScene } from './scene.mts';

/* Events of a status stream are read by fal's client, without the limits of other responses. */

const engine = useEngine();
const scene = useScene();
const generate = generateIn(engine, scene);

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

const streaming = (...events: string[]): { stream: CallFault[] } => ({
	stream: [
		{
			...{ kind: 'status', status: 200, html: events.map((json) => `data: ${json}\n\n`).join('') },
			headers: { 'content-type': 'text/event-stream' },
		} as CallFault,
	],
});

test.each([
	['lists within lists', nested(100_000)],
	['a text', '"<b>soon</b>"'],
	['a number beyond all numbers', '1e999'],
])('%s for a time is no time, and loses no video', async (_what, time) => {
	const event = `{"status":"COMPLETED","metrics":{"inference_time":${time}}}`;
	scene.fal.script('a fox', streaming(event));
	const { outputs, error, run } = await generate();
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.json.timings).toMatchObject({ inference_seconds: null });
	// As n8n saves it.
	expect(() => JSON.stringify(run.data.resultData)).not.toThrow();
});

test.each([
	['null', 'null'],
	['a list of lists', nested(100_000)],
	['a log of lists within lists', `{"status":"IN_PROGRESS","logs":[${nested(100_000)}]}`],
	['metrics that are none', '{"status":"COMPLETED","metrics":7}'],
])('an event that is %s loses no video', async (_what, event) => {
	scene.fal.script('a fox', streaming(event));
	const { outputs, error } = await generate({ options: { includeLogs: true } });
	expect(error).toBeUndefined();
	expect(outputs[0]![0]!.binary).toBeDefined();
});
