import { z } from 'zod';

/*
 * A text of nothing but blanks, line breaks or characters that are not visible (no-break space,
 * zero-width space and their like) is no text: it counts as empty.
 */

const VISIBLE = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** The schema of a text with something to see in it. */
export function visibleText(): z.ZodString {
	return z.string().regex(VISIBLE);
}

/** Whether there is nothing to see in a text. */
export function isBlank(text: string): boolean {
	return !VISIBLE.test(text);
}

/** A text without what can't be seen at its ends, as it often comes along with a pasted one. */
export function withoutBlankEnds(text: string): string {
	if (isBlank(text)) return '';
	let end = text.length;
	for (let last = lastCharacter(text, end); isBlank(last); last = lastCharacter(text, end)) {
		end -= last.length;
	}
	return text.slice(text.search(VISIBLE), end);
}

/** The character before a place in a text; some have two code units. */
function lastCharacter(text: string, end: number): string {
	return [...text.slice(Math.max(0, end - 2), end)].at(-1)!;
}
