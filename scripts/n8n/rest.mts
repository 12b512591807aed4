import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
	isOver,
	readExecution,
	type Execution,
	type ExecutionStatus,
	type StoredExecution,
} from './execution.mts';
import { nodeNamed, type Workflow } from './workflow.mts';

const POLL_MS = 150;
const EXECUTION_WITHIN_MS = 300_000;
const PUBLISHED_WITHIN_MS = 30_000;
const EXECUTIONS_AT_MOST = 100;

/** The person who owns an n8n. */
export interface Owner {
	email: string;
	password: string;
	firstName: string;
	lastName: string;
}

/** A credential as n8n knows it; its data stays inside n8n. */
export interface Credential {
	id: string;
	name: string;
	type: string;
}

/** A workflow that n8n has saved, and which version of it that is. */
export interface SavedWorkflow {
	id: string;
	versionId: string;
}

/** An execution in n8n's list. */
export interface ExecutionSummary {
	id: string;
	status: ExecutionStatus;
	mode: string;
}

/** A node type that n8n has loaded. */
export interface NodeType {
	/** With the name of its package. */
	name: string;
	displayName: string;
}

/** What n8n says of a tested credential. */
export interface CredentialTest {
	status: 'OK' | 'Error';
	message: string;
}

/** n8n refused a call. */
export class N8nRefused extends Error {
	constructor(
		readonly status: number,
		call: string,
		response: string,
	) {
		super(`n8n responded with ${status} to ${call}: ${response}`);
		this.name = 'N8nRefused';
	}
}

/** A logged-in browser: what a client, or a real browser, needs to continue where another was. */
export interface Session {
	/** n8n ties a session to the browser that logged in, and sees it by this header. */
	browserId: string;
	/** The cookie header. */
	cookie: string;
}

/** How long to wait for an execution, and what ends the waiting. */
export interface WaitOptions {
	withinMs?: number;
	signal?: AbortSignal;
}

/** Speaks to an n8n as its editor does. */
export class N8nClient {
	/** n8n takes a few logins a minute only, so sessions are handed on. */
	readonly session: Session;

	constructor(
		/** Without a slash at the end. */
		readonly url: string,
		session: Session = { browserId: randomUUID(), cookie: '' },
	) {
		this.session = { ...session };
	}

	/** Makes the owner of a new n8n, and is logged in as that person then. */
	async setUpOwner(owner: Owner): Promise<void> {
		await this.call('POST', '/owner/setup', owner);
	}

	/** Logs in. */
	async login({ email, password }: Pick<Owner, 'email' | 'password'>): Promise<void> {
		await this.call('POST', '/login', { emailOrLdapLoginId: email, password });
	}

	/** Saves a credential. */
	async createCredential(
		name: string,
		type: string,
		data: Record<string, unknown>,
	): Promise<Credential> {
		return await this.call('POST', '/credentials', { name, type, data });
	}

	/** Tests a credential as the editor does after it was saved. */
	async testCredential(
		credential: Credential,
		data: Record<string, unknown>,
	): Promise<CredentialTest> {
		return await this.call('POST', '/credentials/test', { credentials: { ...credential, data } });
	}

	/** Saves a workflow. */
	async createWorkflow(workflow: Workflow): Promise<SavedWorkflow> {
		const { name, nodes, connections, settings = {} } = workflow;
		// Without it n8n saves null, with which its editor can't execute a single step.
		const pinData = workflow['pinData'] ?? {};
		return await this.call('POST', '/workflows', { name, nodes, connections, settings, pinData });
	}

	/** Saves a workflow and lets its triggers start it, as the editor's publish button does. */
	async publishWorkflow(workflow: Workflow): Promise<SavedWorkflow> {
		const saved = await this.createWorkflow(workflow);
		const { id, versionId } = saved;
		await this.call('POST', `/workflows/${id}/activate`, { versionId });
		await this.untilPublished(id);
		return saved;
	}

	/** The executions of a workflow, without what their nodes gave. */
	async executionsOf(workflowId: string): Promise<ExecutionSummary[]> {
		const query = new URLSearchParams({
			filter: JSON.stringify({ workflowId }),
			limit: String(EXECUTIONS_AT_MOST),
		});
		const { results } = await this.call<{ results: ExecutionSummary[] }>(
			'GET',
			`/executions?${query}`,
		);
		return results;
	}

	/** How many executions of a workflow stand so. */
	async countExecutions(workflowId: string, status: ExecutionStatus): Promise<number> {
		const query = new URLSearchParams({
			filter: JSON.stringify({ workflowId, status: [status] }),
			limit: '1',
		});
		const { count } = await this.call<{ count: number }>('GET', `/executions?${query}`);
		return count;
	}

	/** Starts a saved workflow by hand, from this trigger. */
	async startWorkflow(id: string, workflow: Workflow, trigger: string): Promise<string> {
		const { name } = nodeNamed(workflow, trigger);
		const { executionId } = await this.call<{ executionId: string }>(
			'POST',
			`/workflows/${id}/run`,
			{ workflowData: { ...workflow, id }, triggerToStartFrom: { name } },
		);
		return executionId;
	}

	/** Saves a workflow, runs it by hand and waits for the end. */
	async runWorkflow(
		workflow: Workflow,
		trigger: string,
		options?: WaitOptions,
	): Promise<Execution> {
		const { id } = await this.createWorkflow(workflow);
		return await this.untilOver(await this.startWorkflow(id, workflow, trigger), options);
	}

	/** An execution as it stands. */
	async execution(id: string): Promise<Execution> {
		return readExecution(await this.call<StoredExecution>('GET', `/executions/${id}`));
	}

	/** Waits until an execution has ended, or waits for something outside. */
	async untilOver(
		id: string,
		{ withinMs = EXECUTION_WITHIN_MS, signal }: WaitOptions = {},
	): Promise<Execution> {
		const deadline = Date.now() + withinMs;
		for (;;) {
			const stored = await this.call<StoredExecution>('GET', `/executions/${id}`);
			if (isOver(stored.status)) return readExecution(stored);
			if (Date.now() > deadline) {
				throw new Error(`Execution ${id} was still ${stored.status} after ${withinMs / 1000} s.`);
			}
			await wait(POLL_MS, undefined, { signal });
		}
	}

	/** Stops an execution, as the editor's stop button does. */
	async stopExecution(id: string): Promise<void> {
		await this.call('POST', `/executions/${id}/stop`);
	}

	/** Deletes an execution with all its files. */
	async deleteExecution(id: string): Promise<void> {
		await this.call('POST', '/executions/delete', { ids: [id] });
	}

	/** Retries a failed execution from its list and waits for the end. */
	async retryExecution(id: string): Promise<Execution> {
		const retried = await this.call<{ id: string }>('POST', `/executions/${id}/retry`, {
			loadWorkflow: false,
		});
		return await this.untilOver(retried.id);
	}

	/** The bytes of a file in the binary store. */
	async downloadBinary(id: string): Promise<Buffer> {
		const query = new URLSearchParams({ id, action: 'download' });
		const response = await this.send('GET', `/binary-data?${query}`);
		return Buffer.from(await response.arrayBuffer());
	}

	/** The full names of all node types that n8n has loaded. */
	async nodeTypes(): Promise<string[]> {
		return (await this.describeNodeTypes()).map(({ name }) => name);
	}

	/** All node types that n8n has loaded, as its editor gets them. */
	async describeNodeTypes(): Promise<NodeType[]> {
		const response = await this.fetch('GET', '/types/nodes.json');
		return (await response.json()) as NodeType[];
	}

	/** An older n8n has published as soon as it answers, and has no such status. */
	private async publicationStatus(id: string): Promise<string> {
		try {
			const path = `/workflows/${id}/publication-status`;
			return (await this.call<{ status: string }>('GET', path)).status;
		} catch (error) {
			if (error instanceof N8nRefused && error.status === 404) return 'published';
			throw error;
		}
	}

	/** n8n publishes behind the scenes; its triggers listen from then on. */
	private async untilPublished(id: string): Promise<void> {
		const deadline = Date.now() + PUBLISHED_WITHIN_MS;
		for (;;) {
			const status = await this.publicationStatus(id);
			if (status === 'published') return;
			if (Date.now() > deadline) throw new Error(`Workflow ${id} is still ${status}.`);
			await wait(POLL_MS);
		}
	}

	private async call<Result>(method: string, path: string, body?: object): Promise<Result> {
		const response = await this.send(method, path, body);
		const { data } = (await response.json()) as { data: Result };
		return data;
	}

	private async send(method: string, path: string, body?: object): Promise<Response> {
		return await this.fetch(method, `/rest${path}`, body);
	}

	private async fetch(method: string, path: string, body?: object): Promise<Response> {
		const response = await fetch(this.url + path, {
			method,
			body: body === undefined ? undefined : JSON.stringify(body),
			headers: {
				'content-type': 'application/json',
				'browser-id': this.session.browserId,
				cookie: this.session.cookie,
			},
		});
		this.keepSession(response);
		if (response.ok) return response;
		throw new N8nRefused(response.status, `${method} ${path}`, await response.text());
	}

	private keepSession(response: Response): void {
		const session = response.headers
			.getSetCookie()
			.find((cookie) => cookie.startsWith('n8n-auth='));
		if (session !== undefined) this.session.cookie = session.split(';', 1)[0] ?? '';
	}
}
