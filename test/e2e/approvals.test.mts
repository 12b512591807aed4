import { withCredential } from '../../scripts/n8n/workflow.mts';
import { connected, loggedIn, startWorkflow } from './harness.mts';
import { itemsWorkflow } from './itemsWorkflow.mts';
import { until } from './poll.mts';
import { useEmulator } from '../useEmulator.mts';

/*
 * What SECURITY.md says of approvals: the address that fal was given resumes a later Wait node of the
 * same execution, which is n8n's doing, and an authentication in that node keeps it out.
 */

const WAIT = 'n8n-nodes-base.wait';

const LOGIN = { user: 'approver', password: 'of the approver' };

/** A request that is still running when its execution is put to wait. */
const LONG_ENOUGH = { job: { runSeconds: 1.5 } };

const emulator = useEmulator();
const n8n = loggedIn();

/** An execution that waited for fal and now waits at a Wait node, and that node's address as fal knows it. */
async function waitingForApproval(incomingAuthentication: string) {
	emulator.script('a fox', LONG_ENOUGH);
	const parameters = { resume: 'webhook', incomingAuthentication, options: {} };
	const workflow = itemsWorkflow({
		name: expect.getState().currentTestName ?? '',
		prompts: ['a fox'],
		options: { waitMode: 'webhook' },
		after: [{ name: 'Wait', type: WAIT, typeVersion: 1.1, parameters }],
	});
	const login = await n8n.createCredential('approver', 'httpBasicAuth', LOGIN);
	const ready = withCredential(await connected(n8n, emulator, workflow), WAIT, login);
	const id = await startWorkflow(n8n, ready);
	await until('it waits at the Wait node', async () => {
		const { runs, status } = await n8n.untilOver(id);
		return status === 'waiting' && runs['Wait'] !== undefined;
	});
	const known = emulator.requests[0]!.query['fal_webhook']!;
	return { id, address: known.replace('/fal-ltx', '') };
}

const statusOf = async (id: string) => (await n8n.untilOver(id)).status;

test('the address that fal was given resumes a Wait node without authentication', async () => {
	const { id, address } = await waitingForApproval('none');
	expect((await fetch(address)).status).toBe(200);
	await until('the execution ends', async () => (await statusOf(id)) === 'success');
});

test('it does not resume one with an authentication, and the approver does', async () => {
	const { id, address } = await waitingForApproval('basicAuth');
	expect((await fetch(address)).status).toBe(401);
	expect(await statusOf(id)).toBe('waiting');
	const token = Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString('base64');
	const approved = await fetch(address, { headers: { authorization: `Basic ${token}` } });
	expect(approved.status).toBe(200);
	await until('the execution ends', async () => (await statusOf(id)) === 'success');
});
