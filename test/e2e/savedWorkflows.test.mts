import type { Emulator } from '../../emulator/index.mts';
import { itemsOf, type Execution } from '../../scripts/n8n/execution.mts';
import { savedWorkflows, type Received } from '../fixtures/savedWorkflows.mts';
import { connected, loggedIn } from './harness.mts';
import { until } from './poll.mts';
import { useSharedEmulator } from '../useEmulator.mts';

const START = 'Start';
/** n8n makes a new address for each execution that waits. */
const RESUME_URL = /^http:\/\/127\.0\.0\.1:\d+\/webhook-waiting\/.+$/;

/** fal gives a new one for each upload. */
const UPLOADED_URL = /^http:\/\/127\.0\.0\.1:\d+\/files\/.*\/(.+)$/;

const falHeaders = (headers: Emulator['requests'][0]['headers']) =>
	Object.fromEntries(
		Object.entries(headers).filter((header): header is [string, string] =>
			header[0].startsWith('x-fal-'),
		),
	);

/** What fal got of one submit, with the digits of its seed as text. */
function receivedOf({ input, headers, query }: Emulator['requests'][0]): Received {
	const exact = (_name: string, value: unknown) => {
		if (typeof value === 'string') return value.replace(UPLOADED_URL, 'where $1 was uploaded');
		return typeof value === 'bigint' ? String(value) : value;
	};
	return {
		body: JSON.parse(JSON.stringify(input, exact)) as Received['body'],
		headers: falHeaders(headers),
		query: Object.fromEntries(
			Object.entries(query).map(([name, value]) => [
				name,
				value.replace(RESUME_URL, 'where the execution waits'),
			]),
		),
	};
}

describe.each(savedWorkflows())('a workflow saved by $version', ({ workflow, received }) => {
	/** A trigger starts other executions. */
	const actions = workflow.nodes.filter(({ type }) => !type.endsWith('Trigger'));
	const submits = Object.entries(received).filter(([, { body }]) => body);

	const emulator = useSharedEmulator({ runSeconds: 0.5 });
	const n8n = loggedIn();
	let execution: Execution;

	beforeAll(async () => {
		const ready = await connected(n8n, emulator, workflow);
		const { id } = await n8n.createWorkflow(ready);
		const executionId = await n8n.startWorkflow(id, ready, START);
		await until('the workflow has ended', async () => {
			execution = await n8n.untilOver(executionId);
			return execution.status !== 'waiting';
		});
	});

	test('runs as it is', () => {
		const { status, error } = execution;
		expect({ status, error }).toEqual({ status: 'success' });
		expect(emulator.violations).toEqual([]);
		for (const { name } of actions) expect(itemsOf(execution, name)).not.toHaveLength(0);
	});

	test.each(submits)('has fal get all that "%s" was set to', (_name, expected) => {
		const { prompt } = expected.body!;
		const sent = emulator.requests.filter(({ input }) => input['prompt'] === prompt);
		expect(sent.map(receivedOf)).toEqual([expected]);
	});

	test('has fal get nothing else', () => {
		expect(emulator.requests).toHaveLength(submits.length);
	});

	test('asks fal for the list as it was set to', () => {
		const lists = emulator.calls.filter(({ path }) => path.includes('/requests/by-endpoint'));
		const queries = lists.map(({ path }) =>
			Object.fromEntries(new URL(path, 'http://fal').searchParams),
		);
		expect(queries).toContainEqual(received['Get Many']?.query);
	});

	test('gives files under the names that it was set to', () => {
		for (const { name, parameters } of actions) {
			const { outputBinaryField } = (parameters['options'] ?? {}) as Record<string, string>;
			if (outputBinaryField === undefined) continue;
			const [item] = itemsOf(execution, name);
			expect(Object.keys(item?.binary ?? {})).toEqual([outputBinaryField]);
		}
	});
});
