import type { InputFault } from '../../checkInput';
import { maskedLink } from '../../../fal/mask';
import { LORA_SOURCE, SPECIFY_LORAS } from '../../fields/loraFields';
import { withoutBlankEnds } from '../../../endpoints/visibleText';
import { isEmptyValue, readAs } from '../values/readAs';
import { type BinaryContext, type InputFile, readBinary } from '../values/readBinary';
import { checkFileName, isLink, resolveLoraLink } from '../../links/loraLink';
import type { ResolvedLink } from '../../links/resolveLink';

/** The LoRAs of one item. */
export interface ReadLoras {
	/** As the endpoint's schema takes them. The path of a file is its name, until it is uploaded. */
	rows: unknown;
	/** The place of each of them among those that were given. */
	places: number[];
	/** Those that are files of the item. */
	files: InputFile[];
	/** What fal would refuse, beyond what the schema says. */
	faults: InputFault[];
	/** What a person should know of values that fal may well take. */
	hints: string[];
}

/** More rows than any video is made with, and longer links than any file has: neither is looked at. */
const MOST_ROWS = 100;
const LONGEST_PATH = 8_000;

/** Stands in a row that has a fault already, so that the schema finds no second one. */
const NO_PATH = 'none';

/** What a row may have besides. With another name, as `url`, it is meant to be one. */
const OTHER_NAMES = ['scale', 'weightName', 'weight_name'];

/** A row as the panel or an expression gives it. */
type Row = Record<string, unknown>;

/** The rows of LoRAs as they are given; what is no list comes back as it is, for the check to name. */
export function readRows(read: (name: string) => unknown): unknown {
	if (readAs('options', read('specifyLoras')) !== SPECIFY_LORAS.json)
		return read('loras.lora') ?? [];
	return parsed(read('lorasJson')) ?? [];
}

/** Which of the two lists is meant must not be guessed: the other one is empty, and so would be the video's. */
export function specifyFaults(read: (name: string) => unknown): InputFault[] {
	const value = readAs('options', read('specifyLoras'));
	const ways: unknown[] = Object.values(SPECIFY_LORAS);
	if (value === undefined || ways.includes(value)) return [];
	return [{ path: ['specify_loras'], value, allowed: `one of ${ways.join(', ')}` }];
}

function parsed(given: unknown): unknown {
	if (typeof given !== 'string') return given;
	if (isEmptyValue(given)) return [];
	try {
		return JSON.parse(given) as unknown;
	} catch {
		return given;
	}
}

/**
 * The rows of LoRAs, read and looked at. Nothing is sent, and no file is opened. Throws nothing.
 *
 * @param queueIsPublic whether fal is on the internet, from where private addresses can't be reached
 */
export function readLoras(
	context: BinaryContext,
	given: unknown,
	itemIndex: number,
	queueIsPublic: boolean,
): ReadLoras {
	const read: ReadLoras = { rows: given, places: [], files: [], faults: [], hints: [] };
	if (!Array.isArray(given)) return read;
	if (given.length > MOST_ROWS) {
		const value = `a list of ${given.length}`;
		read.faults.push({ path: ['loras'], value, allowed: `at most ${MOST_ROWS} rows` });
	}
	const rows: unknown[] = given.slice(0, MOST_ROWS).map((element: unknown) => element ?? {});
	read.places = [...rows.keys()].filter((place) => !isRow(rows[place]) || !isEmptyRow(rows[place]));
	read.rows = read.places.map((place, n) =>
		readRow(read, context, rows[place], n, itemIndex, queueIsPublic),
	);
	return read;
}

function readRow(
	read: ReadLoras,
	context: BinaryContext,
	row: unknown,
	n: number,
	itemIndex: number,
	queueIsPublic: boolean,
): unknown {
	const place = read.places[n]!;
	// The schema names it.
	if (!isRow(row)) return row;
	const source = readAs('options', row.source) ?? LORA_SOURCE.link;
	if (source === LORA_SOURCE.link) return readLink(read, row, place, queueIsPublic);
	if (source === LORA_SOURCE.binary) return readFile(read, context, row, n, itemIndex);
	const allowed = `one of ${Object.values(LORA_SOURCE).join(', ')}`;
	read.faults.push({ path: ['loras', place, 'source'], value: source, allowed });
	return { path: NO_PATH, ...scaleOf(row) };
}

/** A row whose expressions give nothing is no row: the number of LoRAs may differ from item to item. */
function isEmptyRow({ source, path, binaryPropertyName, ...others }: Row): boolean {
	if (Object.keys(others).some((name) => !OTHER_NAMES.includes(name))) return false;
	return isEmptyValue(source === LORA_SOURCE.binary ? binaryPropertyName : path);
}

/** In JSON anything may be in the list. */
function isRow(element: unknown): element is Row {
	return typeof element === 'object' && element !== null && !Array.isArray(element);
}

function readLink(read: ReadLoras, row: Row, n: number, queueIsPublic: boolean): Row {
	const given = readAs('string', row.path);
	// In JSON a row has fal's names.
	const weightName = readAs('string', row.weightName ?? row.weight_name);
	// A pasted link often brings a space or a line break along; no path has one at its ends.
	let path = typeof given === 'string' ? withoutBlankEnds(given) : given;
	const isWeightNamed = !isEmptyValue(weightName);
	if (typeof path === 'string' && path.length > LONGEST_PATH) {
		const allowed = `at most ${LONGEST_PATH} characters long`;
		read.faults.push({ path: ['loras', n, 'path'], value: path, allowed });
	} else if (typeof path === 'string' && path !== '') {
		const resolved = resolveLoraLink(path, queueIsPublic);
		note(read, ['loras', n, 'path'], maskedLink(path), resolved);
		path = resolved.link;
		if (isWeightNamed && isLink(resolved.link)) {
			read.hints.push(
				`Weight Name (loras[${n}].weightName) counts for a repository, owner/repo; this LoRA is a link to one file.`,
			);
		}
	}
	return { path, ...(isWeightNamed ? { weight_name: weightName } : {}), ...scaleOf(row) };
}

function readFile(
	read: ReadLoras,
	context: BinaryContext,
	row: Row,
	n: number,
	itemIndex: number,
): Row {
	const field = ['loras', read.places[n]!, 'binary_property_name'];
	const one = readBinary(context, row.binaryPropertyName, itemIndex, field);
	if ('fault' in one) {
		read.faults.push(one.fault);
		return { path: NO_PATH, ...scaleOf(row) };
	}
	const { binary } = one;
	const name = binary.fileName ?? '';
	const remark = checkFileName(name);
	if (remark.instead !== undefined) note(read, field, name, remark);
	read.files.push({ path: ['loras', n, 'path'], field, kind: 'lora', binary });
	return { path: name || 'file', ...scaleOf(row) };
}

function note(
	read: ReadLoras,
	path: InputFault['path'],
	value: string,
	remark: Omit<ResolvedLink, 'link'>,
): void {
	const { instead, hint } = remark;
	if (instead !== undefined) read.faults.push({ path, value, allowed: instead });
	if (hint !== undefined) read.hints.push(`LoRA (loras[${path[1]}].path): ${hint}.`);
}

function scaleOf(row: Row): Row {
	const scale = readAs('number', row.scale);
	return scale === undefined ? {} : { scale };
}
