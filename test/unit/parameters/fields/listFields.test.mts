import type { INodePropertyOptions } from 'n8n-workflow';
import { endpoints, tasks } from '../../../../nodes/FalLtxVideo/endpoints';
import { findOperation } from '../../../../nodes/FalLtxVideo/operations';
import { listFields } from '../../../../nodes/FalLtxVideo/parameters/fields/listFields';
import { taskName } from '../../../../nodes/FalLtxVideo/parameters/fields/taskName';
import { parameterName } from '../../../../nodes/FalLtxVideo/parameters/parameterNames';

const field = listFields.find(({ name }) => name === 'endpoints')!;
const options = field.options as INodePropertyOptions[];

test('any of the 22 endpoints can be chosen, and none is at first', () => {
	expect(field.type).toBe('multiOptions');
	expect(field.default).toEqual([]);
	expect(options.map(({ value }) => value)).toEqual(endpoints.map(({ id }) => id));
});

test('each has a name of its own', () => {
	const names = options.map(({ name }) => name);
	expect(new Set(names).size).toBe(22);
	expect(names.slice(0, 4)).toEqual([
		'Text to Video, Distilled',
		'Text to Video, Distilled, with LoRAs',
		'Text to Video, Full',
		'Text to Video, Full, with LoRAs',
	]);
	expect(names.slice(-2)).toEqual(['Extend Video, Full', 'Extend Video, Full, with LoRAs']);
});

test.each(tasks.map((task) => [task.name, task] as const))(
	'%s is called as its operation',
	(name, task) => {
		const value = parameterName(name.replaceAll('-', '_'));
		expect(findOperation('video', value)?.name).toBe(taskName(task));
	},
);
