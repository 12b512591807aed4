import type { JsonValue } from '../../../emulator/index.mts';
import type { Choice } from './choices.mts';
import type { FileField } from './files.mts';

/** A file of the item that stands in the body. */
export interface DrawnFile {
	/** Where its address is in the body. */
	path: Array<string | number>;
	field: FileField;
}

/** Parameters together with what must become of them. */
export interface Drawn {
	parameters: Record<string, unknown>;
	/** What fal must receive, when nothing is wrong. What stands for a file is its name. */
	body: Record<string, JsonValue>;
	/** The node's names of what is wrong. */
	wrongs: string[];
	/** Of what is wrong or not, depending on another that is wrong: an error may name it. */
	unclear?: string[];
	/** Of what is wrong with files that have to be opened for it. */
	wrongFiles?: string[];
	files?: DrawnFile[];
	/** Parameters whose own values hide others of these, as long as they are typed in. */
	hiding?: string[];
}

export const snake = (name: string) =>
	name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const camel = (name: string) =>
	name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/** One parameter and what it puts into the body, or among what is wrong. */
export function placed(name: string, { given, meaning }: Choice, place = name): Drawn {
	const parameters = { [name]: given };
	if (meaning === 'unset') return { parameters, body: {}, wrongs: [] };
	if (meaning === 'wrong') return { parameters, body: {}, wrongs: [place] };
	return { parameters, body: { [snake(name)]: meaning.sent }, wrongs: [] };
}

export function together(drawn: readonly Drawn[]): Drawn {
	return {
		parameters: Object.assign({}, ...drawn.map(({ parameters }) => parameters)),
		body: Object.assign({}, ...drawn.map(({ body }) => body)),
		wrongs: drawn.flatMap(({ wrongs }) => wrongs),
		unclear: drawn.flatMap(({ unclear = [] }) => unclear),
		wrongFiles: drawn.flatMap(({ wrongFiles = [] }) => wrongFiles),
		files: drawn.flatMap(({ files = [] }) => files),
		hiding: drawn.flatMap(({ hiding = [] }) => hiding),
	};
}

export const NO_DRAWN: Drawn = { parameters: {}, body: {}, wrongs: [] };

/** The same where a place may be wrong, if it isn't anyway. */
export const unclear = (drawn: Drawn, place: string): Drawn =>
	drawn.wrongs.includes(place) ? drawn : { ...drawn, unclear: [...(drawn.unclear ?? []), place] };
