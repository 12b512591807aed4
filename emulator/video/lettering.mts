/** Width of a character in DejaVu Sans, as a part of the font's size, on the safe side. */
const LATIN_WIDTH = 0.62;
const WIDE_WIDTH = 1;
const LINE_HEIGHT = 1.2;
const MARGIN = 0.05;
const SMALLEST_FONT = 6;

function textWidth(text: string): number {
	return Array.from(text).reduce(
		(sum, char) => sum + (char > '\u2e80' ? WIDE_WIDTH : LATIN_WIDTH),
		0,
	);
}

/** Breaks a text into lines no wider than `width` (in font sizes); a long word is broken too. */
function wrap(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ')) {
		if (line && textWidth(`${line} ${word}`) > width) {
			lines.push(line);
			line = '';
		} else if (line) {
			line += ' ';
		}
		for (const char of word) {
			if (line && textWidth(line + char) > width) {
				lines.push(line);
				line = '';
			}
			line += char;
		}
	}
	return [...lines, line];
}

/** Control characters have no picture, and a lone surrogate is no UTF-8. */
function printable(text: string): string {
	return text.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim();
}

/** A text in lines. */
export interface Lettering {
	text: string;
	/** In pixels. */
	fontSize: number;
}

/** The largest lettering that shows the whole text; the end of one too long for any is dropped. */
export function letter(raw: string, width: number, height: number): Lettering {
	const text = printable(raw);
	const [wide, high] = [width * (1 - 2 * MARGIN), height * 0.6];
	let fontSize = Math.max(SMALLEST_FONT, Math.round(Math.min(width, height) / 12));
	for (; ; fontSize--) {
		const lines = wrap(text, wide / fontSize);
		const fitting = Math.max(1, Math.floor(high / (fontSize * LINE_HEIGHT)));
		if (lines.length <= fitting || fontSize <= SMALLEST_FONT)
			return { text: lines.slice(0, fitting).join('\n'), fontSize };
	}
}
