import { nodeTypeOf } from '../n8n/communityPackage.mts';
import type { N8nClient } from '../n8n/rest.mts';
import { withCredential, type Workflow } from '../n8n/workflow.mts';
import type { Fal } from './fal.mts';

const CREDENTIAL_TYPE = 'falLtxApi';

/** A workflow that n8n has saved, as it was saved. */
export interface ImportedWorkflow {
	id: string;
	workflow: Workflow;
}

/** Saves a tested credential for this fal, and the workflow that uses it. */
export async function importExample(
	n8n: N8nClient,
	fal: Fal,
	example: Workflow,
): Promise<ImportedWorkflow> {
	const credential = await n8n.createCredential(
		`Fal LTX API (${fal.name})`,
		CREDENTIAL_TYPE,
		fal.credential,
	);
	const test = await n8n.testCredential(credential, fal.credential);
	if (test.status !== 'OK') throw new Error(`${fal.name} did not take the key: ${test.message}`);
	const nodeType = await nodeTypeOf('falLtxVideo');
	const workflow = withCredential(example, nodeType, credential);
	const { id } = await n8n.createWorkflow(workflow);
	return { id, workflow };
}
