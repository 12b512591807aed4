import type { InputName } from '../../../endpoints/inputs';
import type { Task } from '../../../endpoints/tasks/Task';
import { withoutBlankEnds } from '../../../endpoints/visibleText';
import { maskedLink } from '../../../fal/mask';
import type { InputFault } from '../../checkInput';
import { fieldLabel } from '../../fields/fieldLabels';
import { MEDIA_SOURCE, mediaInputs, mediaParameters, mediumOf } from '../../fields/mediaFields';
import { resolveMediaLink } from '../../links/mediaLink';
import { apiName } from '../../parameterNames';
import { readAs } from '../values/readAs';
import { type BinaryContext, type InputFile, readBinary } from '../values/readBinary';

/** The files that go into a video. */
export interface ReadMedia {
	/** By fal's names. What stands for a file is its name, until it is uploaded. */
	values: Record<string, unknown>;
	files: InputFile[];
	faults: InputFault[];
	hints: string[];
}

/** Longer links than any file has: not looked at. `data:` URIs hold the file itself. */
const LONGEST_LINK = 8_000;

/**
 * Reads the files of a task's inputs. Nothing is sent, and no file is opened. Throws nothing.
 *
 * @param queueIsPublic whether fal is on the internet, from where private addresses can't be reached
 */
export function readMedia(
	context: BinaryContext,
	read: (name: string) => unknown,
	task: Task,
	itemIndex: number,
	queueIsPublic: boolean,
): ReadMedia {
	const found: ReadMedia = { values: {}, files: [], faults: [], hints: [] };
	for (const input of mediaInputs(task)) {
		readMedium(found, context, read, task, input, itemIndex, queueIsPublic);
	}
	return found;
}

function readMedium(
	found: ReadMedia,
	context: BinaryContext,
	read: (name: string) => unknown,
	task: Task,
	input: InputName,
	itemIndex: number,
	queueIsPublic: boolean,
): void {
	const parameters = mediaParameters(input);
	const source = readAs('options', read(parameters.source));
	if (source === MEDIA_SOURCE.link) {
		const link = readLink(found, read(parameters.url), input, queueIsPublic);
		if (link !== undefined) found.values[input] = link;
	} else if (source === MEDIA_SOURCE.binary) {
		const field = [apiName(parameters.binary)];
		const one = readBinary(context, read(parameters.binary), itemIndex, field);
		if ('fault' in one) found.faults.push(one.fault);
		else found.files.push({ path: [input], field, kind: mediumOf(input), binary: one.binary });
		// What is wrong with it is said once.
		found.values[input] = ('binary' in one && one.binary.fileName) || 'file';
	} else if (source !== MEDIA_SOURCE.none || task.required.includes(input)) {
		const sources = Object.values(MEDIA_SOURCE).filter(
			(one) => one !== MEDIA_SOURCE.none || !task.required.includes(input),
		);
		const path = [apiName(parameters.source)];
		found.faults.push({ path, value: source, allowed: `one of ${sources.join(', ')}` });
		found.values[input] = 'file';
	}
}

/** The link of a file as it is sent; what is wrong with it is among the faults. */
function readLink(
	found: ReadMedia,
	given: unknown,
	input: InputName,
	queueIsPublic: boolean,
): unknown {
	const value = readAs('string', given);
	if (typeof value !== 'string' && value !== undefined) return value;
	// A pasted link often brings a space or a line break along.
	const text = withoutBlankEnds(value ?? '');
	if (text === '') {
		found.faults.push({ path: [input], value: given ?? undefined, allowed: 'the link of a file' });
		return 'link';
	}
	if (text.length > LONGEST_LINK && !/^data:/i.test(text)) {
		const allowed = `at most ${LONGEST_LINK} characters long`;
		found.faults.push({ path: [input], value: text, allowed });
		return 'link';
	}
	const { link, instead, hint } = resolveMediaLink(mediumOf(input), text, queueIsPublic);
	if (instead !== undefined)
		found.faults.push({ path: [input], value: maskedLink(text), allowed: instead });
	const { label, name } = fieldLabel([input]);
	if (hint !== undefined) found.hints.push(`${label} (${name}): ${hint}.`);
	return link;
}
