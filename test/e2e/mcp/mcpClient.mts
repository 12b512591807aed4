/*
 * As much of an MCP client as it takes to call tools: JSON-RPC over streamable HTTP (MCP 2025-03-26).
 * A real client does the same; what else it would do is not what these tests are about.
 */

/** A tool as the server lists it. */
export interface ListedTool {
	name: string;
	description: string;
	/** JSON Schema. */
	inputSchema: { properties: Record<string, { type?: string; description?: string }> };
}

/** What a called tool answers. */
export interface ToolResult {
	content: Array<{ type: string; text: string }>;
	isError?: boolean;
}

interface Message {
	id?: number;
	result?: unknown;
	error?: { code: number; message: string };
}

const PROTOCOL = '2025-03-26';
const SESSION_HEADER = 'mcp-session-id';

/** One session with an MCP server. */
export class McpClient {
	private lastId = 0;
	private sessionId?: string;

	/** @param url of the server */
	constructor(private readonly url: string) {}

	/** Opens a session. */
	async connect(): Promise<void> {
		const clientInfo = { name: 'test', version: '1' };
		await this.request('initialize', { protocolVersion: PROTOCOL, capabilities: {}, clientInfo });
		await this.send({ method: 'notifications/initialized' });
	}

	async listTools(): Promise<ListedTool[]> {
		const { tools } = await this.request<{ tools: ListedTool[] }>('tools/list', {});
		return tools;
	}

	/** @param signal breaks the connection, as a client does that ends or has a timeout */
	async callTool(
		name: string,
		args: Record<string, unknown>,
		signal?: AbortSignal,
	): Promise<ToolResult> {
		return await this.request<ToolResult>('tools/call', { name, arguments: args }, signal);
	}

	/** Notifies the server that the last request is cancelled. */
	async cancelLast(): Promise<void> {
		const params = { requestId: this.lastId, reason: 'The user pressed Esc' };
		await this.send({ method: 'notifications/cancelled', params });
	}

	private async request<Result>(
		method: string,
		params: object,
		signal?: AbortSignal,
	): Promise<Result> {
		const id = ++this.lastId;
		const response = await this.send({ id, method, params }, signal);
		const { result, error } = messagesIn(await response.text()).find((one) => one.id === id) ?? {};
		if (error) throw new Error(`${method}: ${error.code} ${error.message}`);
		if (result === undefined) throw new Error(`${method} was not answered`);
		return result as Result;
	}

	private async send(message: object, signal?: AbortSignal): Promise<Response> {
		const response = await fetch(this.url, {
			method: 'POST',
			body: JSON.stringify({ jsonrpc: '2.0', ...message }),
			headers: {
				'content-type': 'application/json',
				accept: 'application/json, text/event-stream',
				...(this.sessionId === undefined ? {} : { [SESSION_HEADER]: this.sessionId }),
			},
			signal,
		});
		if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
		this.sessionId ??= response.headers.get(SESSION_HEADER) ?? undefined;
		return response;
	}
}

/** The server answers with one JSON document, or with a stream of events. */
function messagesIn(text: string): Message[] {
	if (text.startsWith('{')) return [JSON.parse(text) as Message];
	return text
		.split('\n')
		.filter((line) => line.startsWith('data: '))
		.map((line) => JSON.parse(line.slice('data: '.length)) as Message);
}
