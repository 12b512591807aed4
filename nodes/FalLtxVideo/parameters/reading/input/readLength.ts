import type { Endpoint, VideoInput } from '../../../endpoints/Endpoint';
import { inputs } from '../../../endpoints/inputs';
import type { Task } from '../../../endpoints/tasks/Task';
import { type FactsByInput, framesOf, isFollowed, shapeOf } from '../../../endpoints/videoShape';
import { rangeOf } from '../../checkInput';
import { fieldLabel } from '../../fields/fieldLabels';
import { InvalidParametersError, type ParameterFault } from '../../InvalidParametersError';
import { isEmptyValue, readAs } from '../values/readAs';

/*
 * The length of a video: that of a file, a duration, or an exact number of frames. Rule: what fal would
 * not look at is refused, so that nobody waits for a length that was never asked for.
 */

/** What a length is made of that is not in the input. */
export interface Length {
	/** Where the frames come from a duration. */
	durationSeconds?: number;
}

/** The length of an item's video, under fal's names. */
interface ReadLength extends Length {
	values: { num_frames?: number };
	faults: ParameterFault[];
}

/** Reads the length. @param settings all other settings, under fal's names; they may be wrong */
export function readLength(
	read: (name: string) => unknown,
	{ task, defaults }: Endpoint,
	settings: Record<string, unknown>,
): ReadLength {
	const { lengthOf, fpsOf } = task;
	const faults = [
		...unusedFault('num_frames', lengthOf, settings),
		...unusedFault('fps', fpsOf, settings),
	];
	const isExact = settings.num_frames !== undefined;
	if (isExact || isFollowed(lengthOf, settings)) return { values: {}, faults };
	const seconds = readAs('number', read('durationSeconds'));
	const isRate = inputs.fps.schema.safeParse(settings.fps).success;
	const fps = (isRate ? settings.fps : defaults.fps) as number;
	const fault = durationFault(seconds, fps);
	const durationSeconds = seconds as number;
	if (fault && isFollowed(fpsOf, settings) && mayFit(seconds)) {
		// Of the file's own frame rate it may be good.
		return { values: {}, durationSeconds, faults };
	}
	if (fault) return { values: {}, faults: [...faults, fault] };
	return { values: { num_frames: framesOf(durationSeconds, fps) }, durationSeconds, faults };
}

/**
 * An input whose frames come from a duration, once the frame rate of the file that it follows is known.
 *
 * @throws InvalidParametersError when the model can't make as many, or as few
 */
export function withDuration(
	{ endpoint, input, durationSeconds }: DurationInput,
	facts: FactsByInput,
): VideoInput {
	if (durationSeconds === undefined) return input;
	const fps = shapeOf(endpoint, input, facts).fps ?? (endpoint.defaults.fps as number);
	const fault = durationFault(durationSeconds, fps);
	if (fault) throw new InvalidParametersError([fault]);
	return { ...input, num_frames: framesOf(durationSeconds, fps) };
}

/** An input, and the duration that its frames are made of, if they are. */
interface DurationInput extends Length {
	endpoint: Endpoint;
	input: VideoInput;
}

/** Whether a duration is good at any frame rate. */
function mayFit(seconds: unknown): boolean {
	const [frames, fps] = [rangeOf(inputs.num_frames.schema), rangeOf(inputs.fps.schema)];
	return (
		typeof seconds === 'number' &&
		framesOf(seconds, fps.max) >= frames.min &&
		framesOf(seconds, fps.min) <= frames.max
	);
}

function durationFault(seconds: unknown, fps: number): ParameterFault | undefined {
	const { min, max } = rangeOf(inputs.num_frames.schema);
	const frames = typeof seconds === 'number' ? framesOf(seconds, fps) : NaN;
	if (frames >= min && frames <= max) return undefined;
	const [least, most] = [Math.ceil((min * 100) / fps) / 100, Math.floor((max * 100) / fps) / 100];
	return {
		path: ['duration_seconds'],
		value: isEmptyValue(seconds) ? undefined : seconds,
		allowed: `a number of seconds from ${least} to ${most} at ${fps} frames per second`,
	};
}

/** A setting that fal doesn't look at while the video follows a file. */
function unusedFault(
	name: 'num_frames' | 'fps',
	following: Task['lengthOf'],
	settings: Record<string, unknown>,
): ParameterFault[] {
	if (settings[name] === undefined || !isFollowed(following, settings)) return [];
	const { label, name: parameter } = fieldLabel([following.while]);
	const allowed = `left out while ${label} (${parameter}) is on`;
	return [{ path: [name], value: settings[name], allowed }];
}
