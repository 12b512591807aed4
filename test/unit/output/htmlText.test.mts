import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asHtml, withoutTags } from '../../../nodes/FalLtxVideo/output/htmlText';
import { showHint } from '../../../nodes/FalLtxVideo/output/hints/showHint';

const NODES = join(__dirname, '../../../nodes');

test('a text is shown as HTML as it is', () => {
	expect(asHtml('<img src="x" onerror=alert(1)> & &lt;')).toBe(
		'&lt;img src="x" onerror=alert(1)&gt; &amp; &amp;lt;',
	);
	expect(asHtml('fal\'s own words: a `b` "c"')).toBe('fal\'s own words: a `b` "c"');
});

test.each([
	['<img src=x onerror=alert(1)>', '‹img src=x onerror=alert(1)>'],
	['<A HREF=x></A><!-- --><?x', '‹A HREF=x>‹/A>‹!-- -->‹?x'],
	['1 < 2, a<1, <- and <>', '1 < 2, a<1, <- and <>'],
])('%s begins no tag in a message', (text, expected) => {
	expect(withoutTags(text)).toBe(expected);
});

test('a hint is text', () => {
	const addExecutionHints = jest.fn();
	showHint({ addExecutionHints }, '<a href="https://x.example">log in</a>', 'warning');
	expect(addExecutionHints.mock.calls).toEqual([
		[
			{
				message: '&lt;a href="https://x.example"&gt;log in&lt;/a&gt;',
				location: 'outputPane',
				type: 'warning',
			},
		],
	]);
});

test('all hints are shown in one place', () => {
	const files = readdirSync(NODES, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.filter((file) => readFileSync(join(NODES, file), 'utf8').includes('.addExecutionHints('));
	expect(files).toEqual([join('FalLtxVideo', 'output', 'hints', 'showHint.ts')]);
});
