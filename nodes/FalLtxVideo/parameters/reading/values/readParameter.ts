import { NotSentError } from '../../../request/NotSentError';
import { fieldLabel } from '../../fields/fieldLabels';

/** The part of n8n's context that parameters are read with. */
export interface ParameterContext {
	getNodeParameter(name: string, itemIndex: number, fallback: null): unknown;
}

/**
 * A parameter's value; null for one that is not there.
 *
 * @throws NotSentError that names the parameter
 */
export function readParameter(context: ParameterContext, name: string, itemIndex: number): unknown {
	try {
		// With a fallback n8n doesn't throw for a parameter that is not there; null reads as "not set".
		return context.getNodeParameter(name, itemIndex, null);
	} catch (error) {
		throw unreadable(name, error);
	}
}

/**
 * An expression that n8n can't work out: its own words don't say which parameter it is in. Of one inside
 * a collection the collection is named, as n8n doesn't say more.
 */
function unreadable(name: string, reason: unknown): NotSentError {
	const { name: parameter, label } = fieldLabel([name.split('.')[0]!]);
	return new NotSentError(`${label} (${parameter}) can't be read: ${(reason as Error).message}`);
}
