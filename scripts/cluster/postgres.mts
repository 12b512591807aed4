import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import { freePorts } from '../n8n/freePorts.mts';
import { runCommand } from '../processes/command.mts';
import { startProcessTree } from '../processes/processTree.mts';
import {
	driverOf,
	programNamed,
	serverFolder,
	untilAnswers,
	type ServerOptions,
} from './server.mts';

/** Names a PostgreSQL server to use: a user there that may create databases. */
export const POSTGRES_VARIABLE = 'QUEUE_E2E_POSTGRES_URL';

const USUAL_URL = 'postgresql://postgres@127.0.0.1:5432/postgres';
/** PostgreSQL refuses to run as root; its packages make this user. */
const POSTGRES_USER = 'postgres';

interface Client {
	connect(): Promise<void>;
	query(sql: string): Promise<unknown>;
	end(): Promise<void>;
}

interface Driver {
	Client: new (options: { connectionString: string; connectionTimeoutMillis: number }) => Client;
}

/** A PostgreSQL server that takes our statements. */
class Postgres {
	private readonly driver: Driver;

	constructor(
		readonly url: string,
		{ installation }: ServerOptions,
	) {
		this.driver = driverOf<Driver>(installation, 'pg');
	}

	async run(...statements: string[]): Promise<void> {
		const options = { connectionString: this.url, connectionTimeoutMillis: 5_000 };
		const client = new this.driver.Client(options);
		await client.connect();
		try {
			for (const statement of statements) await client.query(statement);
		} finally {
			await client.end();
		}
	}

	async answers(): Promise<boolean> {
		return await this.run('SELECT 1').then(
			() => true,
			() => false,
		);
	}
}

async function serverUser(signal: AbortSignal): Promise<number | undefined> {
	if (userInfo().uid !== 0) return undefined;
	return Number(await runCommand('id', ['-u', POSTGRES_USER], { signal }));
}

/** A server of our own, in a folder of its own; undefined when PostgreSQL is not installed. */
async function startServer(options: ServerOptions): Promise<Postgres | undefined> {
	const { cleanup, signal } = options;
	const [initdb, postgres] = [programNamed('initdb'), programNamed('postgres')];
	if (initdb === undefined || postgres === undefined) return undefined;
	const uid = await serverUser(signal);
	const folder = await serverFolder('postgres', cleanup, uid);
	const owner = { cwd: folder, ...(uid !== undefined && { uid, gid: uid }) };
	const [port] = (await freePorts(1)) as [number];
	const init = ['-D', `${folder}/data`, '-U', POSTGRES_USER, '-A', 'trust', '--no-sync'];
	await runCommand(initdb, init, { ...owner, signal });
	const settings = ['listen_addresses=127.0.0.1', 'fsync=off'].flatMap((setting) => [
		'-c',
		setting,
	]);
	const args = ['-D', `${folder}/data`, '-p', String(port), '-k', folder, ...settings];
	const tree = startProcessTree(postgres, args, { ...owner, output: 'ignore' });
	cleanup.add(async () => await tree.end());
	const server = new Postgres(`postgresql://${POSTGRES_USER}@127.0.0.1:${port}/postgres`, options);
	await untilAnswers(async () => await server.run('SELECT 1'), signal);
	return server;
}

const NEEDED =
	'These tests need PostgreSQL. None answers at 127.0.0.1:5432 for the user "postgres" without a ' +
	'password, and there is none installed that could be started for the tests. Install PostgreSQL ' +
	`(on Debian: apt-get install postgresql), or name a server in ${POSTGRES_VARIABLE}, e.g. ` +
	'postgresql://user:password@127.0.0.1:5432/postgres: the user must be allowed to create databases.';

async function findServer(options: ServerOptions): Promise<Postgres> {
	const named = process.env[POSTGRES_VARIABLE];
	const server = new Postgres(named ?? USUAL_URL, options);
	if (named !== undefined) {
		await server.run('SELECT 1').catch((error: unknown) => {
			throw new Error(`The PostgreSQL of ${POSTGRES_VARIABLE} does not answer: ${String(error)}`);
		});
		return server;
	}
	if (await server.answers()) return server;
	const own = await startServer(options);
	if (!own) throw new Error(NEEDED);
	return own;
}

/** n8n's settings for a database. */
function settingsOf(url: URL, database: string): Record<string, string> {
	return {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: url.hostname,
		DB_POSTGRESDB_PORT: url.port || '5432',
		DB_POSTGRESDB_USER: decodeURIComponent(url.username),
		DB_POSTGRESDB_PASSWORD: decodeURIComponent(url.password),
		DB_POSTGRESDB_DATABASE: database,
	};
}

/**
 * A new database, dropped in the end: on the named server, on the one that runs on this machine, or
 * on one that is started for it.
 *
 * @returns n8n's settings for it
 * @throws Error that says what is needed when there is no PostgreSQL
 */
export async function newDatabase(options: ServerOptions): Promise<Record<string, string>> {
	const server = await findServer(options);
	const name = `n8n_fal_ltx_${randomBytes(6).toString('hex')}`;
	await server.run(`CREATE DATABASE ${name}`);
	options.cleanup.add(async () => await server.run(`DROP DATABASE ${name} WITH (FORCE)`));
	return settingsOf(new URL(server.url), name);
}
