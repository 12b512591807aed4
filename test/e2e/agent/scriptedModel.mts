import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * A chat model on 127.0.0.1 that says what a test wants, spoken to as to OpenAI (chat completions).
 * It notes what it was shown, as that is all that a real model would know.
 */

/** A call of a tool, as a model asks for it. */
export interface ToolCall {
	/** The tool's name, as n8n makes it of the node's. */
	tool: string;
	input: Record<string, unknown>;
}

/** One message of a conversation. */
export interface Message {
	role: 'system' | 'user' | 'assistant' | 'tool';
	content: string;
}

/** A tool as the model sees it. */
export interface ToolFacts {
	name: string;
	description: string;
	/** JSON Schema of its input. */
	parameters: { properties: Record<string, { type?: string; description?: string }> };
}

/** What the model is shown each time it is asked. */
export interface Shown {
	messages: Message[];
	tools: ToolFacts[];
	/** What the tools answered so far, oldest first. */
	answers: string[];
}

/** What the model does when it is asked: it calls tools, or says something. */
export type Turn = (shown: Shown) => ToolCall[] | string;

/** The model of one test. */
export interface ScriptedModel {
	/** What n8n's OpenAI credential takes as Base URL. */
	url: string;
	/** All that it was shown, by turn. */
	shown: Shown[];
	close(): Promise<void>;
}

interface ChatRequest {
	messages: Array<{ role: Message['role']; content: string | Array<{ text: string }> | null }>;
	tools?: Array<{ function: ToolFacts }>;
	stream?: boolean;
}

const MODEL = 'scripted';

/**
 * Starts a model that takes its turns in this order; to ask it once more is an error of 400.
 *
 * @param port where an earlier model was; a free one unless given
 */
export async function startModel(turns: Turn[], port = 0): Promise<ScriptedModel> {
	const shown: Shown[] = [];
	const server = createServer((request, response) => {
		void answer(request, response, (asked) => {
			shown.push(asked);
			return turns[shown.length - 1]?.(asked);
		});
	});
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${address.port}/v1`,
		shown,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	take: (asked: Shown) => ReturnType<Turn> | undefined,
): Promise<void> {
	const chat = JSON.parse(await bodyOf(request)) as ChatRequest;
	const said = take(shownBy(chat));
	if (said === undefined) {
		return send(response, 400, { error: { message: 'The script of this model is at its end.' } });
	}
	if (chat.stream) return stream(response, said);
	send(response, 200, {
		...head('chat.completion'),
		choices: [{ index: 0, message: messageOf(said), finish_reason: reasonOf(said) }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	});
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString();
}

function shownBy({ messages, tools = [] }: ChatRequest): Shown {
	const plain = messages.map((message) => ({ ...message, content: textOf(message.content) }));
	return {
		messages: plain,
		tools: tools.map((tool) => tool.function),
		answers: plain.filter(({ role }) => role === 'tool').map(({ content }) => content),
	};
}

function textOf(content: ChatRequest['messages'][0]['content']): string {
	if (typeof content === 'string' || content === null) return content ?? '';
	return content.map(({ text }) => text).join('');
}

const head = (object: string) => ({
	id: 'chatcmpl-1',
	object,
	created: 1_700_000_000,
	model: MODEL,
});

const reasonOf = (said: ToolCall[] | string) => (typeof said === 'string' ? 'stop' : 'tool_calls');

/** Ids are never used twice, as with real models: n8n takes equal ones for the same call. */
let callsMade = 0;

function messageOf(said: ToolCall[] | string) {
	if (typeof said === 'string') return { role: 'assistant', content: said };
	const calls = said.map(({ tool, input }, index) => ({
		index,
		id: `call_${++callsMade}`,
		type: 'function',
		function: { name: tool, arguments: JSON.stringify(input) },
	}));
	return { role: 'assistant', content: null, tool_calls: calls };
}

function send(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function stream(response: ServerResponse, said: ToolCall[] | string): void {
	const chunk = (delta: object, reason: string | null) =>
		`data: ${JSON.stringify({
			...head('chat.completion.chunk'),
			choices: [{ index: 0, delta, finish_reason: reason }],
		})}\n\n`;
	response.writeHead(200, { 'content-type': 'text/event-stream' });
	response.end(`${chunk(messageOf(said), null)}${chunk({}, reasonOf(said))}data: [DONE]\n\n`);
}
