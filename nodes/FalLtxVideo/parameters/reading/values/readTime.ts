import type { IExecuteFunctions } from 'n8n-workflow';
import { isEmptyValue } from './readAs';

/*
 * A point in time, as n8n's date picker, a spreadsheet or an expression gives it. Rule: what is not
 * certainly a time is refused; a wrong reading would list other requests than those asked for.
 */

/** What a time is read with. */
export type TimeContext = Pick<IExecuteFunctions, 'evaluateExpression'>;

/** Milliseconds since 1970 have so many digits since 2001; fewer are seconds, or a date in digits. */
const MILLISECONDS = /^\d{13,14}$/;

/** ISO 8601, also with a space in place of the T; a zone is caught, if there is one. */
const ISO =
	/^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** A text of JavaScript's `Date`, or of an HTTP header, which names its zone. */
const OTHER_WITH_ZONE =
	/^[a-z]{3}, [\w :-]{1,40} GMT$|^[a-z]{3} [\w :]{1,40} GMT[+-]\d{4}( \(.{1,100}\))?$/i;

/** What is accepted, to end a sentence with. */
export const TIMES =
	'a date and time such as 2026-01-31T12:00:00 or 2026-01-31T12:00:00+01:00, or milliseconds since 1970';

/**
 * A time without a zone means the workflow's zone, as everywhere in n8n.
 *
 * @returns undefined when nothing was given; an invalid `Date` when it is no time
 */
export function readTime(
	context: TimeContext,
	value: unknown,
	itemIndex: number,
): Date | undefined {
	if (isEmptyValue(value)) return undefined;
	return new Date(millisecondsOf(context, value, itemIndex));
}

/** NaN when it is no time. */
function millisecondsOf(context: TimeContext, value: unknown, itemIndex: number): number {
	if (typeof value === 'object') return Number(asTimeObject(value));
	const text = String(value).trim();
	if (MILLISECONDS.test(text)) return Number(text);
	const [, day, clock = '00:00', zone] = ISO.exec(text) ?? [];
	if (day !== undefined) return isoMilliseconds(context, { day, clock, zone }, itemIndex);
	return OTHER_WITH_ZONE.test(text) ? Date.parse(text) : NaN;
}

/** A `Date` or one of luxon's `DateTime`, both of which may come from another realm. */
function asTimeObject(value: unknown): unknown {
	const isTime =
		Object.prototype.toString.call(value) === '[object Date]' ||
		typeof (value as { toMillis?: unknown } | null)?.toMillis === 'function';
	return isTime ? (value as Date).valueOf() : NaN;
}

/** luxon, which is part of n8n's expressions, knows time zones and runs in the workflow's. */
function isoMilliseconds(
	context: TimeContext,
	{ day, clock, zone = '' }: { day: string; clock: string; zone?: string },
	itemIndex: number,
): number {
	const iso = `${day}T${clock}${zone.toUpperCase()}`;
	return Number(
		context.evaluateExpression(`{{ DateTime.fromISO("${iso}").toMillis() }}`, itemIndex),
	);
}
