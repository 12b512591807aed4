/** What follows a request: the queue drops the sub-path of the model and keeps owner and app. */
export const APPLICATION = 'fal-ai/ltx-2.3-22b';

export const TASKS = [
	'text-to-video',
	'image-to-video',
	'audio-to-video',
	'video-to-video',
	'reference-video-to-video',
	'extend-video',
] as const;

/** What a video is made from. */
export type Task = (typeof TASKS)[number];

/** Which of the two models makes it. */
export type ModelName = 'distilled' | 'full';

/** An endpoint is a choice of three things. */
export interface Endpoint {
	/** Also its path at the queue. */
	readonly id: string;
	readonly task: Task;
	readonly model: ModelName;
	readonly hasLoras: boolean;
}

/** Tasks that only the full model has. */
const FULL_ONLY: ReadonlySet<Task> = new Set<Task>(['extend-video']);

function endpoint(task: Task, model: ModelName, hasLoras: boolean): Endpoint {
	const id = [APPLICATION, model === 'distilled' && 'distilled', task, hasLoras && 'lora']
		.filter(Boolean)
		.join('/');
	return { id, task, model, hasLoras };
}

/** All endpoints, by their ids. */
export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
	TASKS.flatMap((task) =>
		(['distilled', 'full'] as const)
			.filter((model) => model === 'full' || !FULL_ONLY.has(task))
			.flatMap((model) => [false, true].map((hasLoras) => endpoint(task, model, hasLoras))),
	).map((one) => [one.id, one]),
);

/** The endpoint that is meant where none is named. */
export const DEFAULT_ENDPOINT: Endpoint = endpoint('text-to-video', 'distilled', true);
