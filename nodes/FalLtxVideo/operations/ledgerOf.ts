import type { IExecuteFunctions } from 'n8n-workflow';
import type { Purchase } from '../request/Ledger';
import { Ledger } from '../request/Ledger';

/** The node's context is shared by all its runs and by whatever else it may hold. */
const KEY = 'falRequests';

/** What was bought in this execution so far, in the data that n8n saves with it. */
export function ledgerOf(
	context: Pick<IExecuteFunctions, 'getContext' | 'evaluateExpression'>,
): Ledger {
	const saved = context.getContext('node');
	saved[KEY] ??= {};
	const runIndex = Number(context.evaluateExpression('{{ $runIndex }}', 0));
	return new Ledger(saved[KEY] as Record<string, Record<string, Purchase> | undefined>, runIndex);
}
