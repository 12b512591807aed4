import fc from 'fast-check';
import type { JsonValue } from '../../../emulator/index.mts';

/*
 * Values for single parameters, each made together with what it means: nothing here reads a value as the
 * node does.
 */

/** What must become of a value: sent as this, left out, or refused. */
export type Meaning = { sent: JsonValue } | 'unset' | 'wrong';

/** A value for a parameter, as typed or as an expression brings it, and its meaning. */
export interface Choice {
	given: unknown;
	meaning: Meaning;
}

export const sent = (given: unknown, value: JsonValue): Choice => ({
	given,
	meaning: { sent: value },
});
export const unset = (given: unknown): Choice => ({ given, meaning: 'unset' });
export const wrong = (given: unknown): Choice => ({ given, meaning: 'wrong' });

export const oneOf = <T,>(...values: T[]) => fc.constantFrom(...values);

/** What may be given for one parameter: what is good, and what has to be refused. */
export interface Leaf {
	good: fc.Arbitrary<Choice>;
	bad: fc.Arbitrary<Choice>;
}

const NOTHING = [null, '', ' ', '\n\t', '\u00a0', '\u200b'];

/** Whether there is no value. */
export const isNothing = (given: unknown) => NOTHING.includes(given as string | null);

/** Where nothing may be left out, and where it is refused. */
export const nothing = oneOf(...NOTHING).map(unset);
export const nothingWrong = oneOf(...NOTHING).map(wrong);

/** Of no type that any field shows. */
export const shapeless = oneOf<unknown>({}, { a: 1 }, [], [9], [[]], { value: 'none' }).map(wrong);

/** Any text: of any writing, broken in any way that text can be. */
const anyText = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 30 }),
	fc.string({ unit: 'binary', maxLength: 30 }),
	oneOf('{{ 1 }}', '"', '\\', '\u0000', '\ud800', 'a\udfff', '👩‍👩‍👧', 'רֶגֶל', '<b>', '${x}', '%s'),
	oneOf('__proto__', 'null', '9007199254740993', '={{ 1 }}', '=', 'x'.repeat(10_000)),
);

const NO_NUMBERS = ['abc', '0x10', '1,5', '1_000', 'NaN', '12px', '٣', '1 2', '--1', '1e'];

/** A number from `min` to `max`. */
export function numbers(min: number, max: number, whole: boolean, mayBeNothing = false): Leaf {
	const inside = (whole ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true })).map(
		// JSON has no negative zero.
		(number) => number + 0,
	);
	const far = [-1e300, 1e300, '1e400', Infinity, -Infinity, NaN];
	const fractions = whole ? [min + 0.5, `${max - 1}.5`] : [];
	return {
		good: fc.oneof(
			inside.map((number) => sent(number, number)),
			inside.map((number) => sent(` ${number}\n`, number)),
			...(mayBeNothing ? [nothing] : []),
		),
		bad: fc.oneof(
			...(mayBeNothing ? [] : [nothingWrong]),
			oneOf<unknown>(min - 1, max + 1, ...far, ...fractions).map(wrong),
			oneOf<unknown>(...NO_NUMBERS, true, false).map(wrong),
			shapeless,
		),
	};
}

const UNSEEN_AT_ENDS =
	/^[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]+|[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]+$/gu;

const withoutUnseenEnds = (text: string) => text.replace(UNSEEN_AT_ENDS, '');

/** Any text, and what can only be meant as one, as it is sent. */
export const filledTexts = (asSent = (text: string) => text) =>
	fc.oneof(
		anyText
			.filter((text) => withoutUnseenEnds(text) !== '')
			.map((text) => sent(text, asSent(text))),
		oneOf<number | boolean>(0, -1.5, 1e21, 2049, true, false).map((value) =>
			sent(value, String(value)),
		),
	);

/** Text that must be there. */
export const requiredTexts = (asSent?: (text: string) => string): Leaf => ({
	good: filledTexts(asSent),
	bad: fc.oneof(shapeless, nothingWrong),
});

const TOO_LONG_FOR_A_LINK = 8_000;

/** What each kind of file may be called, and what it certainly is not. */
const EXTENSIONS = {
	image: { extensions: ['png', 'jpg', 'WEBP'], others: ['mp3', 'mp4', 'zip', 'safetensors'] },
	audio: { extensions: ['mp3', 'wav', 'mp4'], others: ['png', 'pdf', 'html'] },
	video: { extensions: ['mp4', 'mov', 'gif'], others: ['wav', 'png', 'm3u8'] },
};

export type Medium = keyof typeof EXTENSIONS;

/** Links of files on a host that no page of is known. */
const fileLinks = (extension?: string) =>
	fc
		.tuple(
			oneOf(
				'https://files.example.com/',
				'HTTPS://example.com/a/b/',
				'http://cdn.example.net:8443/',
			),
			fc.oneof(fc.stringMatching(/^[\w-]{1,12}$/), oneOf('ünï%20code', 'a b', '{{ 1 }}', 'a=b&c')),
			oneOf('', '?token=a.b&x=1', '#t=1'),
		)
		.map(([host, name, query]) => `${host}${name}${extension ? `.${extension}` : ''}${query}`);

/** A text as it is pasted, and as it is meant. */
const withEnds = (texts: fc.Arbitrary<string>) =>
	fc
		.tuple(oneOf('', '', ' ', '\u200b'), texts, oneOf('', '', '\n', ' \u200b'))
		.map(([before, text, after]) => sent(`${before}${text}${after}`, text));

/** What is taken for a file of a machine, an address of a browser's own, or several repositories. */
const NO_LINK =
	/^(file:|blob:|([a-z]:|~|\.{1,2})?[\\/]|%[a-z]+%[\\/]|\$[a-z]+\/)|\/[^]*[\s,;|][^]*\//i;

/** The link of a LoRA that is there: one that nobody takes for another. */
export const loraLinks: Leaf = {
	good: fc.oneof(
		requiredTexts(withoutUnseenEnds).good.filter(
			({ given }) =>
				String(given).length < TOO_LONG_FOR_A_LINK &&
				!NO_LINK.test(withoutUnseenEnds(String(given))),
		),
		withEnds(fileLinks('safetensors')),
		withEnds(oneOf('owner/repo', 'some-one/lora.v2', 'a/b')),
	),
	bad: fc.oneof(
		shapeless,
		oneOf<unknown>(
			...['C:\\loras\\x.safetensors', 'file:///x.safetensors', 'blob:https://example.com/1'],
			...['owner/repo, owner/other', 'https://files.example.com/x.zip', 'x'.repeat(10_000)],
		).map(wrong),
	),
};

/** The link of an image, an audio or a video. */
export function mediaLinks(medium: Medium): Leaf {
	const { extensions, others } = EXTENSIONS[medium];
	return {
		good: withEnds(fc.oneof(...extensions.map(fileLinks), fileLinks())),
		bad: fc.oneof(
			nothingWrong,
			shapeless,
			fc.oneof(...others.map(fileLinks)).map(wrong),
			oneOf<unknown>(
				...['example', 'ftp://files.example.com/x', '/tmp/x', 'C:\\x', 'https://', 'data:'],
				...[`https://files.example.com/${'x'.repeat(8_000)}`, 5, true, 'blob:https://a.example/1'],
			).map(wrong),
		),
	};
}

/** Text that may be left out, or be empty. */
export const optionalTexts = (empty: Choice): Leaf => ({
	good: fc.oneof(filledTexts(), fc.constant(empty), fc.constant(unset(null))),
	bad: shapeless,
});

export const booleans: Leaf = {
	good: fc.oneof(
		fc.boolean().map((value) => sent(value, value)),
		fc.boolean().map((value) => sent(` ${value} `, value)),
		oneOf('TRUE', 'True').map((value) => sent(value, true)),
		oneOf('FALSE', 'False').map((value) => sent(value, false)),
	),
	bad: fc.oneof(
		oneOf<unknown>('yes', 'maybe', 0, 1, 'truefalse').map(wrong),
		shapeless,
		nothingWrong,
	),
};

export function choices(...values: string[]): Leaf {
	return {
		good: oneOf(...values).map((value) => sent(value, value)),
		bad: fc.oneof(
			nothingWrong,
			anyText.filter((text) => !values.includes(text)).map(wrong),
			oneOf<unknown>(0, 1, true, `${values[0]}!`).map(wrong),
			shapeless,
		),
	};
}

/** As JSON has it: a number as far as it is exact. */
const exact = (whole: bigint): JsonValue =>
	Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;

export const seeds: Leaf = {
	good: fc.oneof(
		fc.maxSafeInteger().map((value) => sent(value, exact(BigInt(value)))),
		fc
			.bigInt({ min: -(2n ** 70n), max: 2n ** 70n })
			.map((value) => sent(` ${value} `, exact(value))),
		oneOf('+7', '007', '-0', '+18446744073709551616', '9'.repeat(64)).map((text) =>
			sent(text, exact(BigInt(text.replace('+', '')))),
		),
		nothing,
	),
	bad: fc.oneof(
		oneOf<unknown>(2 ** 53, 1.5, 1e300, NaN, Infinity, '1.5', '1e5', '0x1', '٣', true).map(wrong),
		oneOf('9'.repeat(65), '9'.repeat(400)).map(wrong),
		shapeless,
	),
};
