import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsHelper,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypes,
	IRun,
	IRunExecutionData,
	IWebhookData,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { lateBound, running } from '../lateBound.mts';

/*
 * n8n's own engine in this process, running the built package from dist/. What a real n8n does
 * around it (database, REST, editor) is left to the end-to-end tests.
 */

/** How n8n keeps binary data: files, or inside the item. */
export type BinaryMode = 'filesystem' | 'default';

/** What a run of the node gave. */
export interface Outcome {
	/** Items of each output, in order. */
	outputs: INodeExecutionData[][];
	/** The error that ended the run, as n8n stores it. */
	error?: { message: string; description?: string | null; httpCode?: string | null };
	hints: string[];
	run: IRun;
}

/** A file of an input item. */
export interface InputFile {
	bytes: Buffer;
	name?: string;
}

/** What to run. */
export interface NodeRun {
	parameters: INodeParameters;
	/** Input items; one empty one unless given. */
	items?: IDataObject[];
	/** The files of each input item, by their binary fields; n8n stores each one for itself. */
	files?: Array<Record<string, InputFile>>;
	credential?: ICredentialDataDecryptedObject;
	onError?: INode['onError'];
	retryOnFail?: boolean;
	/** The workflow's time zone, as its settings name it; that of the process unless given. */
	timezone?: string;
	/** Stops the execution when it aborts, as the Stop button does. */
	stop?: AbortSignal;
	/** How the execution began; `manual` unless given. */
	mode?: 'manual' | 'retry' | 'trigger';
	/** Whether the node runs as a tool of an AI agent: n8n gives a tool's type this ending. */
	isTool?: boolean;
	/** n8n's number of the execution; 1 unless given. */
	executionId?: string;
	/** The execution that this one retries; older versions of n8n don't say. */
	retryOf?: string;
	/**
	 * What n8n saved of an earlier execution that this one retries; see {@link savedData}. Runs that are
	 * given the same object share it, as all calls of a tool in one execution do.
	 */
	saved?: SavedData;
}

/** What a retry begins with: the contexts of nodes, as n8n saved them. */
export type SavedData = IRunExecutionData['executionData'] extends infer Data | undefined
	? Data extends { contextData: infer Contexts }
		? Contexts
		: never
	: never;

/** What n8n saves of an execution for a retry of it. */
export function savedData({ run }: Outcome): SavedData {
	const { contextData } = run.data.executionData!;
	return JSON.parse(JSON.stringify(contextData)) as SavedData;
}

/** A call to the trigger's webhook. */
export interface WebhookCall {
	/** Which node of the workflow; each has a memory of its own. */
	nodeId: string;
	parameters?: INodeParameters;
	credential: ICredentialDataDecryptedObject;
	headers: Record<string, string>;
	body: string;
	/** What n8n saved of the execution that waits at the node; the trigger is called unless given. */
	waiting?: IRunExecutionData;
}

/** What came of it. */
export interface WebhookOutcome {
	/** The caller's response. */
	status?: number;
	message?: string;
	/** The items that a workflow starts with; undefined when none is started. */
	started?: INodeExecutionData[];
}

/** An engine in one binary mode. n8n reads its settings once, so a test file has one engine. */
export interface Engine {
	run(run: NodeRun): Promise<Outcome>;
	/** Calls the webhook of the trigger, as n8n does when the production URL is called. */
	webhook(call: WebhookCall): Promise<WebhookOutcome>;
	/**
	 * Runs a function as a node with the credential would run: for what the node itself has no call for,
	 * through n8n's own helpers.
	 */
	call<Result>(
		credential: ICredentialDataDecryptedObject,
		work: (context: IExecuteFunctions) => Promise<Result>,
	): Promise<Result>;
	/** The bytes of a binary field, read back through n8n. */
	bytes(item: INodeExecutionData, field: string): Promise<Buffer>;
}

// n8n-core may bring its own copy of n8n's container; only that one knows its services.
const requireFromCore = createRequire(createRequire(import.meta.url).resolve('n8n-core'));

const PACKAGE = 'n8n-nodes-fal-ltx';

const URLS = {
	restApiUrl: 'http://127.0.0.1/rest',
	instanceBaseUrl: 'http://127.0.0.1/',
	formBaseUrl: 'http://127.0.0.1/form',
	formWaitingBaseUrl: 'http://127.0.0.1/form-waiting',
	formTestBaseUrl: 'http://127.0.0.1/form-test',
	webhookBaseUrl: 'http://127.0.0.1/webhook',
	webhookWaitingBaseUrl: 'http://127.0.0.1/webhook-waiting',
	webhookTestBaseUrl: 'http://127.0.0.1/webhook-test',
};
const ITEMS_NODE = 'test.items';
const CALL_NODE = 'test.call';

/** Gives the tests of a file an engine. Must come before anything else in the file loads n8n-core. */
export function useEngine(mode: BinaryMode = 'filesystem'): Engine {
	let engine: Engine | undefined;
	beforeAll(async () => {
		engine = await startEngine(mode);
	});
	return lateBound(() => running(engine, 'engine'));
}

/** Starts the engine. Must come before anything else in the file loads n8n-core. */
export async function startEngine(mode: BinaryMode): Promise<Engine> {
	process.env.N8N_USER_FOLDER = mkdtempSync(join(tmpdir(), 'fal-ltx-engine-'));
	process.env.N8N_ENCRYPTION_KEY = 'only-for-these-tests';
	process.env.N8N_DEFAULT_BINARY_DATA_MODE = mode;
	process.env.N8N_LOG_LEVEL = 'silent';
	const core = await import('n8n-core');
	const { Container } = requireFromCore('@n8n/di') as typeof import('@n8n/di');
	const workflow = await import('n8n-workflow');
	const binaryData = Container.get(core.BinaryDataService);
	await binaryData.init();
	const loader = new core.PackageDirectoryLoader(process.cwd());
	await loader.loadAll();

	const nodeTypesWith = (files: NodeRun['files']): INodeTypes => {
		const nodeType = (name: string): INodeType => {
			if (name === ITEMS_NODE) return itemsNode(files);
			return loader.getNode(name.replace(`${PACKAGE}.`, '').replace(/Tool$/, '')).type as INodeType;
		};
		return {
			getByName: nodeType,
			getByNameAndVersion: nodeType,
			getKnownTypes: () => ({}),
		};
	};
	const authenticate = loader.getCredential('falLtxApi').type.authenticate as Authenticate;

	/** What n8n knows of an execution besides the workflow. */
	const surroundings = (
		credential: ICredentialDataDecryptedObject | undefined,
		{ mode = 'manual', executionId = '1', retryOf }: Omit<Partial<NodeRun>, 'parameters'> = {},
	) =>
		({
			credentialsHelper: credentialsHelper(credential, authenticate),
			hooks: new core.ExecutionLifecycleHooks(
				mode,
				executionId,
				{
					id: 'test',
					name: 'test',
					active: false,
					activeVersionId: null,
					isArchived: false,
					createdAt: new Date(),
					updatedAt: new Date(),
					nodes: [],
					connections: {},
				},
				retryOf,
			),
			currentNodeExecutionIndex: 0,
			executionId,
			...URLS,
			variables: {},
			setExecutionStatus: () => undefined,
			getRunExecutionData: async () => undefined,
			logAiEvent: () => undefined,
		}) as unknown as IWorkflowExecuteAdditionalData;

	return {
		async run(asked) {
			const { parameters, items = [{}], files, credential, onError, retryOnFail, stop } = asked;
			const { mode = 'manual', saved, timezone, isTool = false } = asked;
			const subject: INode = {
				id: 'subject',
				name: 'fal LTX Video',
				type: `${PACKAGE}.falLtxVideo${isTool ? 'Tool' : ''}`,
				typeVersion: 1,
				position: [200, 0],
				parameters,
				...(credential ? { credentials: { falLtxApi: { id: '1', name: 'fal' } } } : {}),
				...(onError ? { onError } : {}),
				...(retryOnFail ? { retryOnFail, maxTries: 2, waitBetweenTries: 0 } : {}),
			};
			const source: INode = {
				id: 'source',
				name: 'Items',
				type: ITEMS_NODE,
				typeVersion: 1,
				position: [0, 0],
				parameters: { items: JSON.stringify(items) },
			};
			const graph = new workflow.Workflow({
				id: 'test',
				nodes: [source, subject],
				connections: {
					Items: { main: [[{ node: subject.name, type: 'main', index: 0 }]] },
				},
				active: false,
				nodeTypes: nodeTypesWith(files),
				...(timezone ? { settings: { timezone } } : {}),
			});
			const additionalData = surroundings(credential, asked);

			const data = workflow.createRunExecutionData({
				executionData: {
					contextData: saved ?? {},
					nodeExecutionStack: [{ node: source, data: { main: [[{ json: {} }]] }, source: null }],
				},
			});
			const execution = new core.WorkflowExecute(additionalData, mode, data);
			const running = execution.processRunExecutionData(graph);
			stop?.addEventListener('abort', () => running.cancel(), { once: true });
			const run = await running;
			const task = run.data.resultData.runData[subject.name]?.at(-1);
			return {
				outputs: (task?.data?.main ?? []).map((output) => output ?? []),
				error: run.data.resultData.error as Outcome['error'],
				hints: (task?.hints ?? []).map(({ message }) => message),
				run,
			};
		},

		async webhook({ nodeId, parameters = {}, credential, headers, body, waiting }) {
			const type = waiting ? 'falLtxVideo' : 'falLtxVideoTrigger';
			const node: INode = {
				id: nodeId,
				name: waiting ? 'fal LTX Video' : 'fal LTX Video Trigger',
				type: `${PACKAGE}.${type}`,
				typeVersion: 1,
				position: [0, 0],
				parameters,
				credentials: { falLtxApi: { id: '1', name: 'fal' } },
			};
			const graph = new workflow.Workflow({
				id: 'test',
				nodes: [node],
				connections: {},
				active: true,
				nodeTypes: nodeTypesWith(undefined),
			});
			const outcome: WebhookOutcome = {};
			const response = {
				status: (status: number) => {
					outcome.status = status;
					return response;
				},
				json: ({ message }: { message: string }) => (outcome.message = message),
			};
			const additionalData = {
				credentialsHelper: credentialsHelper(credential, authenticate),
				httpRequest: { headers, body: {}, params: {}, query: {}, rawBody: Buffer.from(body) },
				httpResponse: response,
				...URLS,
				variables: {},
			} as unknown as IWorkflowExecuteAdditionalData;
			const context = new core.WebhookContext(
				graph,
				node,
				additionalData,
				'webhook',
				{ webhookDescription: { name: 'default' } } as unknown as IWebhookData,
				[],
				waiting ?? null,
			);
			const { webhook } = loader.getNode(type).type as INodeType;
			const { workflowData } = await webhook!.call(context);
			return { ...outcome, started: workflowData?.[0] };
		},

		async call<Result>(
			credential: ICredentialDataDecryptedObject,
			work: (context: IExecuteFunctions) => Promise<Result>,
		) {
			const node: INode = {
				id: 'call',
				name: 'Call',
				type: CALL_NODE,
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
				credentials: { falLtxApi: { id: '1', name: 'fal' } },
			};
			let result: { value: Result } | undefined;
			const type = callNode(async (context) => {
				result = { value: await work(context) };
			});
			const graph = new workflow.Workflow({
				id: 'test',
				nodes: [node],
				connections: {},
				active: false,
				nodeTypes: {
					getByName: () => type,
					getByNameAndVersion: () => type,
					getKnownTypes: () => ({}),
				},
			});
			const data = workflow.createRunExecutionData({
				executionData: {
					nodeExecutionStack: [{ node, data: { main: [[{ json: {} }]] }, source: null }],
				},
			});
			const execution = new core.WorkflowExecute(surroundings(credential), 'manual', data);
			const run = await execution.processRunExecutionData(graph);
			if (result) return result.value;
			throw new Error(run.data.resultData.error?.message ?? 'n8n did not run the call');
		},

		async bytes(item, field) {
			const data = item.binary?.[field];
			if (!data) throw new Error(`The item has no binary field ${field}`);
			return await binaryData.getAsBuffer(data);
		},
	};
}

/** Gives out the items in its parameter, so that what follows has real items to be paired with. */
const itemsNode = (files: NodeRun['files'] = []): INodeType => ({
	description: {
		displayName: 'Items',
		name: 'items',
		group: ['trigger'],
		version: 1,
		description: '',
		defaults: { name: 'Items' },
		inputs: [],
		outputs: ['main'],
		properties: [{ displayName: 'Items', name: 'items', type: 'string', default: '[]' }],
	},
	async execute() {
		const items = JSON.parse(this.getNodeParameter('items', 0) as string) as IDataObject[];
		const stored = items.map(async (json, i): Promise<INodeExecutionData> => {
			if (!files[i]) return { json };
			const fields = Object.entries(files[i]).map(async ([field, { bytes, name = '' }]) => {
				const type = 'application/octet-stream';
				return [field, await this.helpers.prepareBinaryData(bytes, name, type)] as const;
			});
			return { json, binary: Object.fromEntries(await Promise.all(fields)) };
		});
		return [await Promise.all(stored)];
	},
});

/** Runs a function. */
const callNode = (work: (context: IExecuteFunctions) => Promise<void>): INodeType => ({
	description: {
		displayName: 'Call',
		name: 'call',
		group: ['trigger'],
		version: 1,
		description: '',
		defaults: { name: 'Call' },
		inputs: [],
		outputs: ['main'],
		credentials: [{ name: 'falLtxApi', required: true }],
		properties: [],
	},
	async execute() {
		await work(this);
		return [[]];
	},
});

type Authenticate = (
	data: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;

/** n8n's credential store, holding one credential. */
function credentialsHelper(
	credential: ICredentialDataDecryptedObject | undefined,
	authenticate: Authenticate,
) {
	return {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		authenticate: async (
			data: ICredentialDataDecryptedObject,
			_type: string,
			options: IHttpRequestOptions,
		) => await authenticate(data, options),
		preAuthentication: async () => undefined,
		getDecrypted: async (
			...[, , , mode, , , values]: Parameters<ICredentialsHelper['getDecrypted']>
		): Promise<ICredentialDataDecryptedObject> => {
			if (!values || !credential) return { ...credential };
			const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = values;
			return workflow.expression.getParameterValue(
				credential as INodeParameters,
				runExecutionData,
				runIndex,
				itemIndex,
				node.name,
				connectionInputData,
				mode,
				{},
			) as unknown as ICredentialDataDecryptedObject;
		},
		getCredentialsProperties: () => [],
	};
}
