import type { IContextObject, IExecuteFunctions } from 'n8n-workflow';
import { CallLedger } from '../request/CallLedger';
import type { Pages } from '../request/Ledger';
import { Ledger } from '../request/Ledger';
import { isTool } from './tool';

/** The node's context is shared by all its runs and by whatever else it may hold. */
const KEY = 'falRequests';

/**
 * In place of an execution's ID. Under the MCP Server Trigger n8n runs a tool while it answers the call
 * and makes an execution of it only afterwards: the node's context lives for that one call; measured.
 */
const NO_EXECUTION = '';

/** What was bought in this execution so far, in the data that n8n saves with it. */
export function ledgerOf(
	context: Pick<
		IExecuteFunctions,
		'getContext' | 'evaluateExpression' | 'getNode' | 'getExecutionId'
	>,
): Ledger {
	const saved = context.getContext('node');
	const executionId: string | undefined = context.getExecutionId();
	return isTool(context.getNode())
		? new CallLedger(pagesIn(saved), executionId ?? NO_EXECUTION)
		: ledgerIn(saved, runIndexOf(context));
}

/** The same for the items of a run, from the node's context itself. */
export function ledgerIn(saved: IContextObject, runIndex: number): Ledger {
	return new Ledger(pagesIn(saved), runIndex);
}

function pagesIn(saved: IContextObject): Pages {
	saved[KEY] ??= {};
	return saved[KEY] as Pages;
}

/** Which run of the node in this execution this is: a loop makes several. */
export function runIndexOf(context: Pick<IExecuteFunctions, 'evaluateExpression'>): number {
	return Number(context.evaluateExpression('{{ $runIndex }}', 0));
}
