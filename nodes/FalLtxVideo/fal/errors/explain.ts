import type { FalDetail } from './errorDetails';
import type { FalFault } from './FalFault';

/** How a place in the input is written, e.g. `loras[0].path` for `["loras", 0, "path"]`. */
export type PlaceName = (path: Array<string | number>) => string;

/** A failed call as one sentence, in fal's own words where it gave any. No period at its end. */
export function explain(
	{ doing, kind, status, detail, errorType, reason }: FalFault,
	nameOf: PlaceName = falName,
): string {
	if (kind === 'network')
		return `${doing} failed: the connection to fal broke or could not be made`;
	if (kind === 'unreadable' && reason !== undefined) return `${doing} failed: ${reason}`;
	if (kind === 'unreadable') return `${doing} failed: ${foreignResponse(status)}`;
	const said = words(detail, nameOf) || errorType || 'no reason given';
	return `${doing} failed: fal answered ${status}: ${shortened(said)}`;
}

/** A response that fal did not send, as far as its body shows. */
function foreignResponse(status: number | undefined): string {
	if (status === undefined) return 'the response is not one of fal';
	return status >= 300
		? `HTTP ${status} from a proxy or gateway, not from fal`
		: `HTTP ${status}, but the response is not one of fal`;
}

/** An error is read on a small panel. */
function shortened(text: string): string {
	return text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
}

/** fal's details as one line: where, what, and fal's name for it. */
function words(detail: FalFault['detail'], nameOf: PlaceName): string {
	if (!Array.isArray(detail)) return detail ?? '';
	return detail.map((one) => sentence(one, nameOf)).join('; ');
}

function sentence({ loc, msg, type }: FalDetail, nameOf: PlaceName): string {
	const path = loc?.[0] === 'body' ? loc.slice(1) : (loc ?? []);
	const where = path.length > 0 ? `${nameOf(path)}: ` : '';
	return `${where}${msg ?? 'not accepted'}${type ? ` (${type})` : ''}`;
}

function falName(path: Array<string | number>): string {
	return path.reduce<string>((text, key) => {
		if (typeof key === 'number') return `${text}[${key}]`;
		return text === '' ? key : `${text}.${key}`;
	}, '');
}
