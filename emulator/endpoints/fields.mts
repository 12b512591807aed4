import { literal, model, optional, type Check, type Fields, type Values } from '../checks.mts';
import { DEFAULT_ENDPOINT, ENDPOINTS, type Endpoint, type Task } from './endpoints.mts';
import {
	ACCELERATIONS,
	COMMON,
	FULL,
	LORAS,
	OF_TASK,
	SCHEDULERS,
	SECOND_PASS,
	type Size,
} from './inputs.mts';

type InputsOfTasks = { [T in Task]: Values<(typeof OF_TASK)[T]> }[Task];
type NameIn<Union> = Union extends unknown ? keyof Union : never;
type ValueIn<Union, Name> = Union extends unknown
	? Name extends keyof Union
		? Union[Name]
		: never
	: never;

/** What any of the tasks has, as it has it. */
type TaskValues = { [Name in NameIn<InputsOfTasks>]?: ValueIn<InputsOfTasks, Name> };

/** An input with every default filled in and a named size in pixels; what its endpoint does not have is missing. */
export type ValidInput = Values<typeof COMMON> &
	Values<typeof SECOND_PASS> &
	Partial<Values<typeof FULL>> &
	Partial<Values<typeof LORAS>> &
	TaskValues & { video_size: Size | 'auto' };

/** The one endpoint whose page names another scheduler than its OpenAPI. */
const SCHEDULER_OF_PAGE = { scheduler: optional(literal(SCHEDULERS), 'beta') };

const FULL_ACCELERATION = { acceleration: optional(literal(ACCELERATIONS), 'regular') };

/** All inputs of an endpoint. */
export function fieldsOf(endpoint: Endpoint): Fields {
	const isFull = endpoint.model === 'full';
	return {
		...COMMON,
		...(isFull && FULL_ACCELERATION),
		...(endpoint.id === DEFAULT_ENDPOINT.id && SCHEDULER_OF_PAGE),
		...(endpoint.hasLoras && LORAS),
		...SECOND_PASS,
		...(isFull && FULL),
		...OF_TASK[endpoint.task],
	} as Fields;
}

const CHECKS = new Map(
	[...ENDPOINTS.values()].map((one) => [one.id, model(fieldsOf(one)) as Check<ValidInput>]),
);

/** The check of an endpoint's inputs. @throws Error when there is no such endpoint. */
export function inputOf(endpointId: string): Check<ValidInput> {
	const check = CHECKS.get(endpointId);
	if (!check) throw new Error(`no endpoint ${endpointId}`);
	return check;
}
