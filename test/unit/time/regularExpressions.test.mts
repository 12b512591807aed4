import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { attacksOn, GENERAL } from './attacks.mts';
import { slowness } from './linear.mts';

/*
 * Every regular expression of the nodes, found in their source: whatever text it gets, it takes linear
 * time. n8n runs all workflows in one thread, so a slow one would stop them all.
 */

const ROOT = join(__dirname, '../../..');

const SOURCES = ['nodes', 'credentials'].flatMap((folder) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => join(folder, file)),
);

interface Found {
	place: string;
	expression: RegExp;
}

function expressionsIn(path: string): Found[] {
	const text = readFileSync(join(ROOT, path), 'utf8');
	const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
	const found: Found[] = [];
	const note = (node: ts.Node, expression: RegExp) => {
		const { line } = source.getLineAndCharacterOfPosition(node.getStart());
		found.push({ place: `${path}:${line + 1}`, expression });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isRegularExpressionLiteral(node)) note(node, literal(node.text));
		const isMade = ts.isNewExpression(node) || ts.isCallExpression(node);
		if (isMade && node.expression.getText() === 'RegExp') {
			const [pattern, flags] = (node.arguments ?? []).map((part) => textOf(part, source));
			note(node, new RegExp(pattern!, flags));
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

function literal(text: string): RegExp {
	const end = text.lastIndexOf('/');
	return new RegExp(text.slice(1, end), text.slice(end + 1));
}

/** The text of an expression whose parts are constants of its file. @throws Error for any other */
function textOf(expression: ts.Expression, source: ts.SourceFile): string {
	if (ts.isStringLiteralLike(expression)) return expression.text;
	if (ts.isTemplateExpression(expression)) {
		const spans = expression.templateSpans.map(
			(span) => textOf(span.expression, source) + span.literal.text,
		);
		return expression.head.text + spans.join('');
	}
	if (ts.isIdentifier(expression)) {
		for (const statement of source.statements.filter(ts.isVariableStatement)) {
			for (const { name, initializer } of statement.declarationList.declarations) {
				if (name.getText() === expression.text && initializer) return textOf(initializer, source);
			}
		}
	}
	throw new Error(`${source.fileName}: a pattern made of ${expression.getText()} can't be tested`);
}

const all = SOURCES.flatMap(expressionsIn);

test('they are found', () => {
	expect(all.length).toBeGreaterThan(50);
	expect(all.some(({ expression }) => expression.source.includes('commits?|discussions'))).toBe(
		true,
	);
});

/** Finds all matches, as all uses together do. */
const use = (expression: RegExp) => {
	const everywhere = new RegExp(expression.source, expression.flags);
	return (text: string) => {
		everywhere.lastIndex = 0;
		text.replace(everywhere, '');
	};
};

/** The first attack that takes too long, and how long. */
function slowAttack(expression: RegExp): string | undefined {
	for (const [name, textOfSize] of [...attacksOn(expression), ...GENERAL]) {
		const slow = slowness(use(expression), textOfSize);
		if (slow !== undefined) return `${name}: ${slow}`;
	}
	return undefined;
}

test.each(all.map(({ place, expression }) => [place, expression] as const))(
	'%s %s takes linear time',
	(_place, expression) => {
		expect(slowAttack(expression)).toBeUndefined();
	},
);

test.each([/a+$/, /^(a+)+$/, /\s+$/, /E[A-Z]{2,}[A-Z_]*\b/, /^[a-z]{3} .* GMT( \(.*\))?$/])(
	'one that does not is found: %s',
	(expression) => {
		expect(slowAttack(expression)).toMatch(/ms for/);
	},
);
