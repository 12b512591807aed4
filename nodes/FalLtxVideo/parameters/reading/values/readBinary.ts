import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { withoutBlankEnds } from '../../../endpoints/visibleText';
import type { Medium } from '../../../endpoints/inputs';
import type { InputFault } from '../../checkInput';

/** What a file of an item is found with; used only where a parameter asks for one. */
export type BinaryContext = Pick<IExecuteFunctions, 'helpers' | 'getInputData'>;

/** A file of the item that stands in its input, until it is uploaded. */
export interface InputFile {
	/** Where its address belongs in the input, in fal's names, e.g. `['loras', 0, 'path']`. */
	path: Array<string | number>;
	/** Where the field is that names it. */
	field: InputFault['path'];
	kind: Medium | 'lora';
	binary: IBinaryData;
}

/**
 * A file of the item, by the name of its binary field or, from an expression, itself. Opens nothing and
 * throws nothing.
 */
export function readBinary(
	context: BinaryContext,
	given: unknown,
	itemIndex: number,
	field: InputFault['path'],
): { binary: IBinaryData } | { fault: InputFault } {
	const value = typeof given === 'string' ? withoutBlankEnds(given) : given;
	try {
		// n8n knows where either is.
		return { binary: context.helpers.assertBinaryData(itemIndex, value as string | IBinaryData) };
	} catch {
		const names = Object.keys(context.getInputData()[itemIndex]?.binary ?? {});
		const has = names.length === 0 ? 'none' : names.join(', ');
		const allowed = `a binary field of the item, which has ${has}`;
		return { fault: { path: field, value, allowed } };
	}
}
