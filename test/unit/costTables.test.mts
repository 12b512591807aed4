import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { estimate, money } from '../../nodes/FalLtxVideo/cost/estimate';
import { endpointFor, tasks } from '../../nodes/FalLtxVideo/endpoints';
import { models } from '../../nodes/FalLtxVideo/endpoints/models';
import { sizes } from '../../nodes/FalLtxVideo/endpoints/sizes';
import type { Task } from '../../nodes/FalLtxVideo/endpoints/tasks/Task';
import { textToVideo } from '../../nodes/FalLtxVideo/endpoints/tasks/textToVideo';
import { shapeOf } from '../../nodes/FalLtxVideo/endpoints/videoShape';
import { taskName } from '../../nodes/FalLtxVideo/parameters/fields/taskName';

/* The formula, and the tables of what common videos cost, computed again. */

/** The tables are of the distilled model with LoRAs. */
const endpoint = endpointFor(textToVideo, 'distilled', true);

const ROW = /^\| .*?(\d+) × (\d+).*? \| +(\d+) \| +([\d.]+) s \| +(\$[\d.]+) \| +(\$[\d.]+) \|$/gm;

const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');
const rowsOf = (file: string) => [...read(file).replace(/ +\|/g, ' |').matchAll(ROW)];

const PAGES = ['README.md', 'docs/cost.md'];
const rows = PAGES.flatMap((page) =>
	rowsOf(page).map(([line, ...cells]) => [line, cells] as const),
);

test('docs/cost.md has a row for each preset, and more', () => {
	const onPage = rowsOf('docs/cost.md');
	const found = new Set(onPage.map(([, width, height]) => `${width}x${height}`));
	for (const { width, height } of Object.values(sizes)) {
		expect(found).toContain(`${width}x${height}`);
	}
	expect(onPage.length).toBeGreaterThan(Object.keys(sizes).length);
});

test('the README has four rows', () => expect(rowsOf('README.md')).toHaveLength(4));

test.each(PAGES)('%s has the unit price and the step that it is rounded to', (page) => {
	const { unitPrice, roundedUpTo } = endpoint.price;
	expect(read(page)).toContain(`÷ 1,000,000 × $${unitPrice}`);
	expect(read(page)).toContain(`rounded up to $${roundedUpTo}`);
});

test.each(rows)('%s', (_line, cells) => {
	const [width, height, frames, seconds, one, hundred] = cells;
	const size = { width: Number(width), height: Number(height) };
	const fps = endpoint.defaults.fps as number;
	const shape = { size, fps, frames: Number(frames), isMultiscale: false };
	const { cost } = estimate(shape, endpoint.price)!;
	expect(seconds).toBe((shape.frames / fps).toFixed(2));
	expect(one).toBe(money(cost, 'USD'));
	expect(hundred).toBe(money(cost.times(100), 'USD'));
});

describe('docs/cost.md', () => {
	const page = read('docs/cost.md').replace(/ +/g, ' ');

	test('has the unit price of each model, without LoRAs and with them', () => {
		for (const [model, { unitPrice }] of Object.entries(models)) {
			const { withoutLoras, withLoras } = unitPrice;
			const row = new RegExp(
				`^\\| ${model} \\| \\$${withoutLoras} \\| \\$${withLoras} \\|`.replaceAll('.', '\\.'),
				'im',
			);
			expect(page).toMatch(row);
		}
	});

	test('has what a video of 1280 × 720 costs at each of them', () => {
		const shape = { size: { width: 1280, height: 720 }, frames: 121, fps: 24, isMultiscale: false };
		for (const model of ['distilled', 'full'] as const) {
			const costs = [false, true].map((takesLoras) =>
				money(estimate(shape, endpointFor(textToVideo, model, takesLoras).price)!.cost, 'USD'),
			);
			expect(page).toMatch(
				new RegExp(`^\\| ${model} .*\\| ${costs.join(' / ').replace(/[$.]/g, '\\$&')} \\|$`, 'im'),
			);
		}
	});

	/** What can't be known beforehand of a task with nothing set but what it needs. */
	const unknownOf = (task: Task) => {
		const shape = shapeOf(endpointFor(task, 'full', false), {});
		return [shape.size === null ? 'size' : '', shape.frames === null ? 'length' : '']
			.filter((what) => what !== '')
			.join(' and ');
	};

	test.each(tasks.map((task) => [taskName(task), task] as const))(
		'says what can not be known of %s',
		(name, task) => {
			const unknown = unknownOf(task);
			const cell = new RegExp(`^\\| ${name} \\| (.*?) \\|`, 'm').exec(page)?.[1];
			expect(cell).toBe(unknown === '' ? 'nothing' : unknown);
		},
	);
});
