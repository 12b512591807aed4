import { randomBytes } from 'node:crypto';
import { freePorts } from '../n8n/freePorts.mts';
import { startProcessTree } from '../processes/processTree.mts';
import {
	driverOf,
	programNamed,
	serverFolder,
	untilAnswers,
	type ServerOptions,
} from './server.mts';

/** Names a Redis server to use. */
export const REDIS_VARIABLE = 'QUEUE_E2E_REDIS_URL';

const USUAL_URL = 'redis://127.0.0.1:6379';

interface Client {
	connect(): Promise<void>;
	ping(): Promise<unknown>;
	keys(pattern: string): Promise<string[]>;
	unlink(...keys: string[]): Promise<unknown>;
	on(event: 'error', listener: () => void): void;
	disconnect(): void;
}

type Driver = new (url: string, options: Record<string, unknown>) => Client;

/** A Redis server. */
class Redis {
	private readonly driver: Driver;

	constructor(
		readonly url: string,
		{ installation }: ServerOptions,
	) {
		this.driver = driverOf<Driver>(installation, 'ioredis');
	}

	async use<Result>(work: (client: Client) => Promise<Result>): Promise<Result> {
		const once = { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 };
		const client = new this.driver(this.url, { ...once, connectTimeout: 5_000 });
		// What goes wrong is thrown by the call that it happens to.
		client.on('error', () => undefined);
		try {
			await client.connect();
			return await work(client);
		} finally {
			client.disconnect();
		}
	}

	async ping(): Promise<void> {
		await this.use(async (client) => await client.ping());
	}

	async removeKeys(prefix: string): Promise<void> {
		await this.use(async (client) => {
			const keys = await client.keys(`*${prefix}*`);
			if (keys.length > 0) await client.unlink(...keys);
		});
	}
}

/** A server of our own that keeps nothing on disk; undefined when Redis is not installed. */
async function startServer(options: ServerOptions): Promise<Redis | undefined> {
	const { cleanup, signal } = options;
	const program = programNamed('redis-server');
	if (program === undefined) return undefined;
	const folder = await serverFolder('redis', cleanup);
	const [port] = (await freePorts(1)) as [number];
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
	const tree = startProcessTree(program, args, { cwd: folder, output: 'ignore' });
	cleanup.add(async () => await tree.end());
	const server = new Redis(`redis://127.0.0.1:${port}`, options);
	await untilAnswers(async () => await server.ping(), signal);
	return server;
}

const NEEDED =
	'These tests need Redis. None answers at 127.0.0.1:6379 without a password, and there is none ' +
	'installed that could be started for the tests. Install Redis (on Debian: apt-get install ' +
	`redis-server), or name a server in ${REDIS_VARIABLE}, e.g. redis://:password@127.0.0.1:6379/0.`;

async function findServer(options: ServerOptions): Promise<Redis> {
	const named = process.env[REDIS_VARIABLE];
	const server = new Redis(named ?? USUAL_URL, options);
	try {
		await server.ping();
		return server;
	} catch (error) {
		if (named !== undefined) {
			throw new Error(`The Redis of ${REDIS_VARIABLE} does not answer: ${String(error)}`);
		}
	}
	const own = await startServer(options);
	if (!own) throw new Error(NEEDED);
	return own;
}

/** n8n's settings for a queue whose keys begin with a prefix of their own. */
function settingsOf(url: URL, prefix: string): Record<string, string> {
	return {
		QUEUE_BULL_REDIS_HOST: url.hostname,
		QUEUE_BULL_REDIS_PORT: url.port || '6379',
		QUEUE_BULL_REDIS_USERNAME: decodeURIComponent(url.username),
		QUEUE_BULL_REDIS_PASSWORD: decodeURIComponent(url.password),
		QUEUE_BULL_REDIS_DB: url.pathname.slice(1) || '0',
		// Two prefixes: of the queue, and of the messages between n8n's processes.
		QUEUE_BULL_PREFIX: `${prefix}-bull`,
		N8N_REDIS_KEY_PREFIX: `${prefix}-n8n`,
	};
}

/**
 * A place in Redis of our own, emptied in the end: on the named server, on the one that runs on this
 * machine, or on one that is started for it.
 *
 * @returns n8n's settings for it
 * @throws Error that says what is needed when there is no Redis
 */
export async function newQueue(options: ServerOptions): Promise<Record<string, string>> {
	const server = await findServer(options);
	const prefix = `n8n-fal-ltx-${randomBytes(6).toString('hex')}`;
	options.cleanup.add(async () => await server.removeKeys(prefix));
	return settingsOf(new URL(server.url), prefix);
}
