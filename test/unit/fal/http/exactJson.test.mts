import {
	carryBigints,
	parseExact,
	restoreBigints,
} from '../../../../nodes/FalLtxVideo/fal/http/exactJson';

const send = (value: unknown) => restoreBigints(JSON.stringify(carryBigints(value)));

test('a seed beyond 2^53 goes out with all its digits, as a number', () => {
	expect(send({ seed: 9007199254740993n })).toBe('{"seed":9007199254740993}');
	expect(send({ seed: -(2n ** 70n) })).toBe(`{"seed":-${2n ** 70n}}`);
});

test('everything else goes out as it is', () => {
	const input = {
		prompt: '"seed":"9007199254740993" {"isLosslessNumber":true,"value":"1"}\n😀',
		loras: [{ path: 'a/b', scale: 0.1 }],
		fps: 23.976,
		sync_mode: false,
		negative_prompt: '',
	};
	expect(JSON.parse(send(input))).toEqual(input);
});

test('a seed beyond 2^53 comes in as text with all its digits', () => {
	expect(parseExact('{"seed":18446744073709551615,"n":[1,2.5,-3e2]}')).toEqual({
		seed: '18446744073709551615',
		n: [1, 2.5, -300],
	});
	expect(parseExact('{"seed":9007199254740991}')).toEqual({ seed: 9007199254740991 });
});

test('what came in can be sent again', () => {
	const { seed } = parseExact('{"seed":9007199254740993}') as { seed: string };
	expect(send({ seed: BigInt(seed) })).toBe('{"seed":9007199254740993}');
});

test('a file inside is skipped, whatever is next to it', () => {
	const url = `data:video/mp4;base64,${'A1'.repeat(4_000)}${'7'.repeat(40)}`;
	for (const prompt of ['a fox', 'file cut out: 0']) {
		const response = `{"video":{"url":"${url}"},"seed":18446744073709551615,"prompt":"${prompt}"}`;
		expect(parseExact(response)).toEqual({ video: { url }, seed: '18446744073709551615', prompt });
	}
});

test('no text next to a file has it parsed for digits, which would take a minute of 512 MiB', () => {
	const file = `"data:video/mp4;base64,${'A'.repeat(64 * 1024 * 1024)}"`;
	const start = process.cpuUsage();
	const answer = `{"url":${file},"seed":18446744073709551615,"prompt":"file cut out: 0"}`;
	expect(Object.keys(parseExact(answer) as object)).toEqual(['url', 'seed', 'prompt']);
	const { user, system } = process.cpuUsage(start);
	expect((user + system) / 1000).toBeLessThan(2_000);
});

test('a long text next to a long number takes no seconds and no gigabytes', () => {
	const text = 'x'.repeat(60 * 1024 * 1024);
	const response = `{"seed":18446744073709551615,"prompt":"${text}"}`;
	const start = process.cpuUsage();
	expect((parseExact(response) as { seed: string }).seed).toBe('18446744073709551615');
	const { user, system } = process.cpuUsage(start);
	expect((user + system) / 1000).toBeLessThan(2_000);
});

test('a long text next to a long seed goes out without being parsed', () => {
	const input = { prompt: 'x'.repeat(16 * 1024 * 1024), seed: 2n ** 64n };
	const start = process.cpuUsage();
	expect(send(input).slice(-30)).toBe(`xx","seed":${2n ** 64n}}`.slice(-30).padStart(30, 'x'));
	const { user, system } = process.cpuUsage(start);
	expect((user + system) / 1000).toBeLessThan(1_000);
});

test.each([
	[
		'{"18446744073709551615":18446744073709551615}',
		{ '18446744073709551615': '18446744073709551615' },
	],
	[
		'[-18446744073709551615 , 1.5000000000000000000,18446744073709551615e0]',
		['-18446744073709551615', 1.5, Number('18446744073709551615')],
	],
	['"\\"18446744073709551615"', '"18446744073709551615'],
	['18446744073709551615', '18446744073709551615'],
])('only a whole number that is not exact becomes text: %s', (json, value) => {
	expect(parseExact(json)).toEqual(value);
});

test('a file of any size is skipped, with and without digits next to it', () => {
	const url = `data:video/mp4;base64,${'A'.repeat(100 * 1024 * 1024)}`;
	for (const seed of ['7', '18446744073709551615']) {
		const { video } = parseExact(`{"video":{"url":"${url}"},"seed":${seed}}`) as {
			video: { url: string };
		};
		expect(video.url === url).toBe(true);
	}
});

test('what looks like a file inside of another text stays there', () => {
	const value = { prompt: `say "data:${'A'.repeat(2_000)}`, seed: '18446744073709551615' };
	const json = JSON.stringify(value).replace(/"(\d+)"/, '$1');
	expect(parseExact(json)).toEqual(value);
});

test.each([
	'',
	'<html>',
	'{"a":1',
	'{"a":1}}',
	'[018446744073709551615]',
	'[+18446744073709551615]',
	'[18446744073709551615-]',
	'[18446744073709551615"]',
	'[1 18446744073709551615]',
	'{18446744073709551615:1}',
	'{18446744073709551615 :1}',
	`{18446744073709551615${' '.repeat(1_000)}:1}`,
	'a18446744073709551615',
])('is no JSON: %s', (text) => {
	expect(() => parseExact(text)).toThrow(SyntaxError);
});
