import type { IContextObject, IExecuteFunctions } from 'n8n-workflow';
import type { Purchase } from '../request/Ledger';
import { Ledger } from '../request/Ledger';

/** The node's context is shared by all its runs and by whatever else it may hold. */
const KEY = 'falRequests';

/** What was bought in this execution so far, in the data that n8n saves with it. */
export function ledgerOf(
	context: Pick<IExecuteFunctions, 'getContext' | 'evaluateExpression'>,
): Ledger {
	return ledgerIn(context.getContext('node'), runIndexOf(context));
}

/** The same, from the node's context itself. */
export function ledgerIn(saved: IContextObject, runIndex: number): Ledger {
	saved[KEY] ??= {};
	return new Ledger(saved[KEY] as Record<string, Record<string, Purchase> | undefined>, runIndex);
}

/** Which run of the node in this execution this is: a loop makes several. */
export function runIndexOf(context: Pick<IExecuteFunctions, 'evaluateExpression'>): number {
	return Number(context.evaluateExpression('{{ $runIndex }}', 0));
}
