import fc from 'fast-check';
import {
	booleans,
	choices,
	filledTexts,
	type Leaf,
	nothingWrong,
	oneOf,
	sent,
	shapeless,
	wrong,
} from './choices.mts';

/* What may be given for each of the node's own options. */

/** Numbers that make sense as an option, and some that don't. */
function optionNumbers(good: number[], bad: unknown[]): Leaf {
	return {
		good: fc.oneof(
			oneOf(...good).map((number) => sent(number, number)),
			oneOf(...good).map((number) => sent(` ${number}\n`, number)),
		),
		bad: fc.oneof(
			nothingWrong,
			oneOf<unknown>(...bad, -1, '1e400', Infinity, -Infinity, NaN, 'many', true).map(wrong),
			shapeless,
		),
	};
}

/** No single video costs as much; the limits themselves have tests of their own. */
const limits = optionNumbers([1e6, 1e300], ['-0.01']);

/** Where nothing listens. */
const HOOK = 'http://127.0.0.1:9/hook?a=b';

const webhookUrls: Leaf = {
	good: oneOf(HOOK, ` ${HOOK}\n`).map((given) => sent(given, HOOK)),
	bad: fc.oneof(
		nothingWrong,
		shapeless,
		oneOf<unknown>('hook', 'ftp://example.com/hook', '//example.com/hook', 5, true).map(wrong),
	),
};

export const OPTIONS: Record<string, Leaf> = {
	downloadVideo: booleans,
	fileLifetimeSeconds: optionNumbers([0, 3600], [0.5]),
	fileName: { good: filledTexts(), bad: fc.oneof(shapeless, nothingWrong) },
	includeLogs: booleans,
	keepPayload: booleans,
	maxConcurrency: optionNumbers([1, 50, 2 ** 53], [0, 1.5]),
	maxCostPerItem: limits,
	maxCostPerRun: limits,
	onStop: choices('cancel', 'leave'),
	outputBinaryField: { good: filledTexts(), bad: fc.oneof(shapeless, nothingWrong) },
	priceSource: choices('published', 'live'),
	queuePriority: choices('normal', 'low'),
	serverRetries: booleans,
	startTimeoutSeconds: optionNumbers([0, 30, 1800.5], [1, 0.5, 1e300]),
	timeoutSeconds: optionNumbers([30, 90.5, 518_400], [0, 518_401]),
	waitMode: choices('stream', 'webhook', 'none'),
	webhookUrl: webhookUrls,
};
