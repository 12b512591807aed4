import type { AST } from '@eslint-community/regexpp';
import { createRequire } from 'node:module';
import { repeated, type TextOfSize } from './linear.mts';

/* Hostile texts for a regular expression, made of its own parts. */

// ESLint's own parser of regular expressions, whichever copy it has.
const requireFromEslint = createRequire(createRequire(import.meta.url).resolve('eslint'));
const { parseRegExpLiteral, visitRegExpAST } = requireFromEslint(
	'@eslint-community/regexpp',
) as typeof import('@eslint-community/regexpp');

/** One of each kind of character, to find some that a class takes. */
const CHARACTERS = [...'a0A_-./\\ \t\n"\'<>{}[]():@?=&#%;+,!~|*^$`é\u00a0\u200b\u0000👍'];

/** What may end a text that matched so far. */
const ENDS = ['', '\u0000', 'a'];

/** Texts that are hostile to whatever reads them. */
export const GENERAL: Array<[string, TextOfSize]> = [
	...CHARACTERS,
	...['?a=', '&a=', '//a@', 'a.', 'a/', '-a', '[{', '[', '{"a":', '}]', '<a ', '\\u', '%3f', '0a'],
].flatMap((piece) =>
	['', '!'].map((end): [string, TextOfSize] => [
		`${JSON.stringify(piece)} repeated, then ${JSON.stringify(end)}`,
		repeated(piece, '', end),
	]),
);

/**
 * Texts that enter each unbounded repetition of a pattern and stay in it: what leads to it, its own
 * characters or what follows it many times, and an end that may fit or not.
 */
export function attacksOn(expression: RegExp): Array<[string, TextOfSize]> {
	const attacks = new Map<string, TextOfSize>();
	const add = (piece: string, before: string) => {
		if (piece === '') return;
		for (const end of ENDS) {
			const name = [before, piece, end].map((part) => JSON.stringify(part)).join(' ');
			attacks.set(name, repeated(piece, before, end));
		}
	};
	visitRegExpAST(parseRegExpLiteral(expression), {
		onQuantifierEnter(quantifier) {
			if (quantifier.max < 10) return;
			const before = leadingTo(quantifier);
			for (const piece of samples(quantifier.element, expression.flags)) {
				add(piece, before);
				add(piece + following(quantifier), before);
			}
			add(following(quantifier), before);
		},
	});
	return [...attacks];

	/** A text that fits all that stands before a node. */
	function leadingTo(node: AST.Node): string {
		const { parent } = node;
		if (!parent) return '';
		if (parent.type !== 'Alternative') return leadingTo(parent);
		const before = parent.elements.slice(0, parent.elements.indexOf(node as AST.Element));
		return leadingTo(parent) + before.map(sample).join('');
	}

	/** A text that fits what stands behind a node in its sequence. */
	function following(node: AST.QuantifiableElement | AST.Quantifier): string {
		if (node.parent.type !== 'Alternative') return '';
		const { elements } = node.parent;
		return elements
			.slice(elements.indexOf(node) + 1)
			.map(sample)
			.join('');
	}

	function sample(node: AST.Element): string {
		return samples(node, expression.flags)[0] ?? '';
	}
}

/** Some texts that a part of a pattern fits. */
function samples(node: AST.Element, flags: string): string[] {
	switch (node.type) {
		case 'Character':
			return [String.fromCodePoint(node.value)];
		case 'CharacterClass':
		case 'CharacterSet': {
			const one = new RegExp(`^(?:${node.raw})$`, flags.replace('g', ''));
			return CHARACTERS.filter((character) => one.test(character)).slice(0, 8);
		}
		case 'Group':
		case 'CapturingGroup':
			return node.alternatives.map(({ elements }) =>
				elements.map((element) => samples(element, flags)[0] ?? '').join(''),
			);
		case 'Quantifier':
			return samples(node.element, flags).map((one) => one.repeat(Math.max(1, node.min)));
		default:
			return [''];
	}
}
