import { z } from 'zod';
import type { Endpoint, InputValues } from './Endpoint';
import { APPLICATION } from './ids';
import { type Input, type InputName, inputs } from './inputs';
import { type ModelName, models } from './models';
import type { Task } from './tasks/Task';

/** How fal's prices are given and rounded. */
const PRICING = { unit: 'megapixels', currency: 'USD', roundedUpTo: '0.0001' } as const;

/** An input as a task, and there one of the models, has it. */
export function inputOf(task: Task, model: ModelName, name: InputName): Input {
	return { ...inputs[name], ...task.differs?.[name], ...models[model].differs?.[name] };
}

/** The names of all inputs that a task, with one of its models, may take; LoRAs included. */
export function inputNames(task: Task, model: ModelName): InputName[] {
	return [...task.inputs, ...models[model].inputs, 'loras'];
}

/** The endpoint of a task and a model, with or without LoRAs. */
export function defineEndpoint(task: Task, model: ModelName, takesLoras: boolean): Endpoint {
	const { path, unitPrice } = models[model];
	const names = inputNames(task, model).filter((name) => name !== 'loras' || takesLoras);
	const { defaultReadings: other } = task;
	const hasOther = other?.model === model && other.takesLoras === takesLoras;
	return {
		id: `${APPLICATION}/${path}${task.name}${takesLoras ? '/lora' : ''}`,
		...{ task, model, takesLoras },
		input: z.object(Object.fromEntries(names.map((name) => [name, schemaOf(task, model, name)]))),
		defaults: defaultsOf(task, model, names),
		defaultReadings: hasOther ? other.values : {},
		price: { ...PRICING, unitPrice: takesLoras ? unitPrice.withLoras : unitPrice.withoutLoras },
	};
}

/** LoRAs are required where they are taken; a file that may be left out may be null as well. */
function schemaOf(task: Task, model: ModelName, name: InputName): z.ZodTypeAny {
	const { schema, medium } = inputOf(task, model, name);
	if (name === 'loras' || task.required.includes(name)) return schema;
	return medium ? schema.nullable().optional() : schema.optional();
}

function defaultsOf(task: Task, model: ModelName, names: InputName[]): InputValues {
	const values = names.map((name) => [name, inputOf(task, model, name).default] as const);
	return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
