import { InvalidParametersError } from '../../../../nodes/FalLtxVideo/parameters/InvalidParametersError';
import {
	type OptionsContext,
	readFalUserId,
	readRunOptions,
	readVideoOptions,
} from '../../../../nodes/FalLtxVideo/parameters/reading/readOptions';

/** A node whose options are given one by one, or all by one expression. */
function context(options: unknown, isExpression = false): OptionsContext {
	const given = options as Record<string, unknown>;
	return {
		getNode: () => ({
			type: 'falLtxVideo',
			parameters: { options: isExpression ? '={{ $json.options }}' : options },
		}),
		getNodeParameter: (name: string) =>
			(name === 'options' ? options : given[name.replace('options.', '')]) ?? null,
	} as unknown as OptionsContext;
}

function faults(read: () => unknown): string {
	try {
		read();
		return 'accepted';
	} catch (error) {
		if (error instanceof InvalidParametersError) return error.message;
		throw error;
	}
}

test.each([
	[
		{ maxCostPerRum: 3 },
		'options.maxCostPerRum is 3, but must be left out: it is no option of this node',
	],
	[
		{ fps: 3, timeoutSeconds: 0 },
		/^Frames per Second \(options.fps\) is 3, but must be left out: it is no option of this node; Timeout \(Seconds\) \(timeoutSeconds\) is 0, but/,
	],
	[{ timeoutSeconds: 60 }, 'accepted'],
	[{}, 'accepted'],
])('options by an expression: %j', (options, message) => {
	const found = faults(() => readVideoOptions(context(options, true), 0));
	if (typeof message === 'string') expect(found).toBe(message);
	else expect(found).toMatch(message);
});

test.each(['fast', 7, true, ['a']])('options that are %j are none', (options) => {
	for (const read of [readVideoOptions, readRunOptions, readFalUserId]) {
		expect(faults(() => read(context(options, true), 0))).toMatch(
			/^Options \(options\) is .+, but must be an object with settings$/,
		);
	}
});

test('nothing at all means no options', () => {
	for (const options of [null, undefined, '']) {
		expect(readVideoOptions(context(options, true), 0)).toMatchObject({ maxConcurrency: 10 });
	}
});

test('those of a run, and of a trigger, are read without regard to any other', () => {
	const options = { unknown: 1, timeoutSeconds: 'wrong', maxCostPerRun: '2', falUserId: ' a ' };
	for (const isExpression of [true, false]) {
		expect(readRunOptions(context(options, isExpression)).maxCostPerRun).toBe(2);
		expect(readFalUserId(context(options, isExpression))).toBe('a');
	}
});
