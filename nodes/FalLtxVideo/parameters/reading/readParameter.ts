import { fieldLabel } from '../fields/fieldLabels';

/** The part of n8n's context that parameters are read with. */
export interface ParameterContext {
	getNodeParameter(name: string, itemIndex: number, fallback: null): unknown;
}

/** An expression that n8n can't work out. n8n's own words don't say which parameter it is in. */
export class ExpressionFailedError extends Error {
	override readonly name = 'ExpressionFailedError';

	readonly description = 'Nothing was sent to fal for it, so nothing is billed.';

	constructor(parameter: string, reason: unknown) {
		const { name, label } = fieldLabel([parameter]);
		super(`${label} (${name}) can't be read: ${(reason as Error).message}`);
	}
}

/**
 * A parameter's value; null for one that is not there.
 *
 * @throws ExpressionFailedError that names the parameter
 */
export function readParameter(context: ParameterContext, name: string, itemIndex: number): unknown {
	try {
		// With a fallback n8n doesn't throw for a parameter that is not there; null reads as "not set".
		return context.getNodeParameter(name, itemIndex, null);
	} catch (error) {
		throw unreadable(name, error);
	}
}

/** Of a place inside a collection the collection is named: n8n doesn't say more. */
function unreadable(name: string, reason: unknown): ExpressionFailedError {
	return new ExpressionFailedError(name.split('.')[0]!, reason);
}
