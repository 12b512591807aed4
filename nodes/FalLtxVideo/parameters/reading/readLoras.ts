import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { InputFault } from '../checkInput';
import { maskedLink } from '../../fal/mask';
import { LORA_SOURCE } from '../fields/videoFields';
import { withoutBlankEnds } from '../../endpoints/visibleText';
import { isEmptyValue, readAs } from './readAs';
import { checkFileName, checkPath, isLink, type PathRemark } from '../links/loraLink';

/** What a file of an item is found with; used only where a row has one. */
export type LoraContext = Pick<IExecuteFunctions, 'helpers' | 'getInputData'>;

/** The LoRAs of one item. */
export interface ReadLoras {
	/** As the endpoint's schema takes them. The path of a file is its name, until it is uploaded. */
	rows: unknown;
	/** The rows that are files of the item. */
	files: Map<number, IBinaryData>;
	/** What fal would refuse, beyond what the schema says. */
	faults: InputFault[];
	/** What a person should know of values that fal may well take. */
	hints: string[];
}

/** More rows than any video is made with, and longer links than any file has: neither is looked at. */
const MOST_ROWS = 100;
const LONGEST_PATH = 8_000;

/** A row as the panel or an expression gives it. */
type Row = Record<string, unknown>;

/** The rows of LoRAs, read and looked at. Nothing is sent, and no file is opened. Throws nothing. */
export function readLoras(context: LoraContext, given: unknown, itemIndex: number): ReadLoras {
	const read: ReadLoras = { rows: given, files: new Map(), faults: [], hints: [] };
	if (!Array.isArray(given)) return read;
	if (given.length > MOST_ROWS) {
		const value = `a list of ${given.length}`;
		read.faults.push({ path: ['loras'], value, allowed: `at most ${MOST_ROWS} rows` });
	}
	read.rows = given.slice(0, MOST_ROWS).map((element: Row | null, n) => {
		const row = element ?? {};
		const source = readAs('options', row.source) ?? LORA_SOURCE.link;
		if (source === LORA_SOURCE.link) return readLink(read, row, n);
		if (source === LORA_SOURCE.binary) return readFile(read, context, row, n, itemIndex);
		const allowed = `one of ${Object.values(LORA_SOURCE).join(', ')}`;
		read.faults.push({ path: ['loras', n, 'source'], value: source, allowed });
		return { path: String(source) };
	});
	return read;
}

function readLink(read: ReadLoras, row: Row, n: number): Row {
	const given = readAs('string', row.path);
	const weightName = readAs('string', row.weightName);
	// A pasted link often brings a space or a line break along; no path has one at its ends.
	const path = typeof given === 'string' ? withoutBlankEnds(given) : given;
	const isWeightNamed = !isEmptyValue(weightName);
	if (typeof path === 'string' && path.length > LONGEST_PATH) {
		const allowed = `at most ${LONGEST_PATH} characters long`;
		read.faults.push({ path: ['loras', n, 'path'], value: path, allowed });
	} else if (typeof path === 'string' && path !== '') {
		note(read, ['loras', n, 'path'], maskedLink(path), checkPath(path));
		if (isWeightNamed && isLink(path)) {
			read.hints.push(
				`Weight Name (loras[${n}].weightName) counts for a repository, owner/repo; Path is a link to one file.`,
			);
		}
	}
	return { path, ...(isWeightNamed ? { weight_name: weightName } : {}), ...scaleOf(row) };
}

function readFile(
	read: ReadLoras,
	context: LoraContext,
	row: Row,
	n: number,
	itemIndex: number,
): Row {
	const given = row.binaryPropertyName;
	const field = typeof given === 'string' ? withoutBlankEnds(given) : given;
	const place = ['loras', n, 'binary_property_name'];
	const binary = binaryOf(context, field, itemIndex);
	if (!binary) {
		const allowed = `a binary field of the item, which has ${binaryFields(context, itemIndex)}`;
		read.faults.push({ path: place, value: field, allowed });
		return { path: String(field), ...scaleOf(row) };
	}
	const name = binary.fileName ?? '';
	const remark = checkFileName(name);
	if (remark.instead !== undefined) note(read, place, name, remark);
	read.files.set(n, binary);
	return { path: name || 'file', ...scaleOf(row) };
}

function note(read: ReadLoras, path: InputFault['path'], value: string, remark: PathRemark): void {
	const { instead, hint } = remark;
	if (instead !== undefined) read.faults.push({ path, value, allowed: instead });
	if (hint !== undefined) read.hints.push(`Path (loras[${path[1]}].path): ${hint}.`);
}

function scaleOf(row: Row): Row {
	const scale = readAs('number', row.scale);
	return scale === undefined ? {} : { scale };
}

/** A field's name, or the file itself from an expression; n8n knows where either is. */
function binaryOf(
	{ helpers }: LoraContext,
	field: unknown,
	itemIndex: number,
): IBinaryData | undefined {
	try {
		return helpers.assertBinaryData(itemIndex, field as string | IBinaryData);
	} catch {
		return undefined;
	}
}

function binaryFields(context: LoraContext, itemIndex: number): string {
	const names = Object.keys(context.getInputData()[itemIndex]?.binary ?? {});
	return names.length === 0 ? 'none' : names.join(', ');
}
