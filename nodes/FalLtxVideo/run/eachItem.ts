import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import pLimit from 'p-limit';
import { errorItem, nodeError } from '../output/errors/nodeErrors';

/*
 * Rules:
 * - what comes out is in the order of what came in, each item paired with its input item;
 * - a failing item holds up no other: the others are finished first, as they are paid for.
 */

/** What n8n's context offers for going through items. */
type ItemContext = Pick<IExecuteFunctions, 'getInputData' | 'continueOnFail' | 'getNode'>;

/** The outcome of one step for one item. */
type Outcome<T> = { ok: true; value: T } | { ok: false; error: unknown };

/** What is done with the items of a run. */
export interface ItemSteps<Prepared> {
	/** Reads and checks one item; sends nothing. */
	prepare: (itemIndex: number) => Prepared | Promise<Prepared>;
	/** Looks at all prepared items together, by their index. What it throws ends the run. */
	checkAll?: (prepared: Map<number, Prepared>) => void;
	/** Does one prepared item, and gives the item or the items that come of it. */
	execute: (
		prepared: Prepared,
		itemIndex: number,
	) => Promise<INodeExecutionData | INodeExecutionData[]>;
	/** What a person should know errorAddition when the run ends in an error. */
	errorAddition?: () => string;
	/** How many items are worked on at a time; one unless given. */
	maxConcurrency?: number;
}

/**
 * Prepares all items and only then works on them, so that a mistake in the last item is found
 * before the first one costs money.
 *
 * @throws NodeOperationError or NodeApiError for the first item that failed, unless the node
 * continues on fail; a failed item is then an error item in its place
 */
export async function eachItem<Prepared>(
	context: ItemContext,
	{ prepare, checkAll, execute, errorAddition, maxConcurrency = 1 }: ItemSteps<Prepared>,
): Promise<INodeExecutionData[]> {
	const indexes = context.getInputData().map((_item, itemIndex) => itemIndex);
	const prepared = await Promise.all(indexes.map(async (i) => await outcome(() => prepare(i))));
	throwUnlessContinuing(context, prepared, errorAddition?.());
	const ready = prepared.flatMap((item, i) => (item.ok ? [[i, item.value] as const] : []));
	try {
		checkAll?.(new Map(ready));
	} catch (error) {
		throw withDescription(nodeError(context.getNode(), error), errorAddition?.());
	}
	const limit = pLimit(maxConcurrency);
	const done = await Promise.all(
		prepared.map(async (item, itemIndex) =>
			item.ok ? await limit(async () => await outcome(() => execute(item.value, itemIndex))) : item,
		),
	);
	throwUnlessContinuing(context, done, errorAddition?.());
	return done.flatMap((item, itemIndex): INodeExecutionData[] =>
		item.ok
			? [item.value].flat().map((made) => ({ ...made, pairedItem: { item: itemIndex } }))
			: [errorItem(context.getNode(), item.error, itemIndex)],
	);
}

async function outcome<T>(step: () => T | Promise<T>): Promise<Outcome<T>> {
	try {
		return { ok: true, value: await step() };
	} catch (error) {
		return { ok: false, error };
	}
}

function throwUnlessContinuing(
	context: ItemContext,
	outcomes: Array<Outcome<unknown>>,
	errorAddition = '',
): void {
	if (context.continueOnFail()) return;
	const failed = outcomes.flatMap((item, i) => (item.ok ? [] : [{ i, error: item.error }]));
	const [first, ...others] = failed;
	if (!first) return;
	const error = nodeError(context.getNode(), first.error, first.i);
	const more = others.length > 0 && `Failed as well: items ${others.map(({ i }) => i).join(', ')}.`;
	throw withDescription(error, more, errorAddition);
}

function withDescription(
	error: ReturnType<typeof nodeError>,
	...more: Array<string | false | undefined>
): ReturnType<typeof nodeError> {
	error.description = [error.description, ...more].filter(Boolean).join(' ');
	return error;
}
