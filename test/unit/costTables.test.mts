import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { estimate, money } from '../../nodes/FalLtxVideo/cost/estimate';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../nodes/FalLtxVideo/endpoints/ltx23DistilledTextToVideoLora';

/* The formula, and the tables of what common videos cost, computed again. */

const ROW = /^\| .*?(\d+) × (\d+).*? \| +(\d+) \| +([\d.]+) s \| +(\$[\d.]+) \| +(\$[\d.]+) \|$/gm;

const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');
const rowsOf = (file: string) => [...read(file).replace(/ +\|/g, ' |').matchAll(ROW)];

const PAGES = ['README.md', 'docs/cost.md'];
const rows = PAGES.flatMap((page) =>
	rowsOf(page).map(([line, ...cells]) => [line, cells] as const),
);

test('docs/cost.md has a row for each preset, and more', () => {
	const onPage = rowsOf('docs/cost.md');
	const sizes = new Set(onPage.map(([, width, height]) => `${width}x${height}`));
	for (const { width, height } of Object.values(endpoint.sizes)) {
		expect(sizes).toContain(`${width}x${height}`);
	}
	expect(onPage.length).toBeGreaterThan(Object.keys(endpoint.sizes).length);
});

test('the README has four rows', () => expect(rowsOf('README.md')).toHaveLength(4));

test.each(PAGES)('%s has the unit price and the step that it is rounded to', (page) => {
	const { unitPrice, roundedUpTo } = endpoint.price;
	expect(read(page)).toContain(`÷ 1,000,000 × $${unitPrice}`);
	expect(read(page)).toContain(`rounded up to $${roundedUpTo}`);
});

test.each(rows)('%s', (_line, cells) => {
	const [width, height, frames, seconds, one, hundred] = cells;
	const shape = {
		width: Number(width),
		height: Number(height),
		frames: Number(frames),
		fps: endpoint.defaults.fps,
	};
	const { cost } = estimate(shape, endpoint.price);
	expect(seconds).toBe((shape.frames / shape.fps).toFixed(2));
	expect(one).toBe(money(cost, 'USD'));
	expect(hundred).toBe(money(cost.times(100), 'USD'));
});
