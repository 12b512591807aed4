import { randomBytes } from 'node:crypto';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { installPackage } from '../n8n/communityPackage.mts';
import { n8nEnvironment } from '../n8n/environment.mts';
import { freePorts } from '../n8n/freePorts.mts';
import { EDITOR_READY } from '../n8n/instance.mts';
import { launchN8n, withFreePorts } from '../n8n/launch.mts';
import type { Installation } from '../n8n/location.mts';
import type { Cleanup } from '../processes/cleanup.mts';
import { runStep } from '../terminal/steps.mts';
import { startReverseProxy } from './reverseProxy.mts';
import { MemberFile } from './members.mts';
import { Supervised, type Launch } from './supervised.mts';

/** Where n8n's queue mode can keep binary data without a service of somebody else's. */
export const BINARY_MODES = ['database', 'filesystem'] as const;
export type BinaryMode = (typeof BINARY_MODES)[number];

/** What a cluster is started with. */
export interface ClusterOptions {
	installation: Installation;
	/** The packed package. */
	tarball: string;
	/** Everything that n8n writes goes here. */
	folder: string;
	binaryMode: BinaryMode;
	workers: number;
	/** n8n's settings for PostgreSQL and Redis. */
	services: Record<string, string>;
	cleanup: Cleanup;
	signal: AbortSignal;
}

/** A running cluster. */
export interface Cluster {
	/** Where the main process is reached, without a slash at the end. */
	url: string;
	/** A MemberFile: which processes run. */
	membersFile: string;
}

/**
 * A worker that died is noticed by its lock on a job, which it renews: with n8n's own settings after
 * a minute or two, with these after some seconds. Everything else is n8n's default.
 */
const SOON_NOTICED = {
	QUEUE_WORKER_LOCK_DURATION: '6000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '3000',
};

/** n8n's settings that make processes one cluster: all of them have the same. */
function clusterSettings({ folder, binaryMode, services }: ClusterOptions): Record<string, string> {
	return {
		...services,
		...SOON_NOTICED,
		EXECUTIONS_MODE: 'queue',
		N8N_DEFAULT_BINARY_DATA_MODE: binaryMode,
		N8N_BINARY_DATA_STORAGE_PATH: join(folder, 'shared'),
		N8N_LOG_LEVEL: 'info',
	};
}

interface Common {
	mainPort: number;
	/** Where people, and fal, reach the main process. */
	url: string;
	encryptionKey: string;
	settings: Record<string, string>;
}

const userFolder = ({ folder }: ClusterOptions, name: string) => join(folder, name);

/** The environment of one process. Workers, too, have to know where n8n is reached. */
function environmentOf(
	options: ClusterOptions,
	name: string,
	{ mainPort, url, encryptionKey, settings }: Common,
	brokerPort: number,
): NodeJS.ProcessEnv {
	const { installation } = options;
	const folder = userFolder(options, name);
	const own = { installation, folder, port: mainPort, brokerPort, encryptionKey };
	return {
		...n8nEnvironment(own),
		...settings,
		N8N_WEBHOOK_URL: `${url}/`,
		N8N_EDITOR_BASE_URL: `${url}/`,
	};
}

/** Keeps its ports through all its runs: fal and people know its address. */
async function mainLaunch(options: ClusterOptions, common: Common): Promise<Launch> {
	const [brokerPort] = (await freePorts(1)) as [number];
	const folder = userFolder(options, 'main');
	return async (logFile) =>
		await launchN8n({
			...{ installation: options.installation, folder, logFile, signal: options.signal },
			command: 'start',
			env: environmentOf(options, 'main', common, brokerPort),
			readinessUrl: `http://127.0.0.1:${common.mainPort}/healthz/readiness`,
			readyLine: EDITOR_READY,
		});
}

function workerLaunch(options: ClusterOptions, name: string, common: Common): Launch {
	const launch = async (logFile: string) => {
		const [brokerPort, healthPort] = (await freePorts(2)) as [number, number];
		return await launchN8n({
			...{ installation: options.installation, logFile, signal: options.signal },
			folder: userFolder(options, name),
			command: 'worker',
			env: {
				...environmentOf(options, name, common, brokerPort),
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				QUEUE_HEALTH_CHECK_PORT: String(healthPort),
				N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			},
			readinessUrl: `http://127.0.0.1:${healthPort}/healthz/readiness`,
			readyLine: 'n8n worker is now ready',
		});
	};
	return async (logFile) => await withFreePorts(async () => await launch(logFile), options.signal);
}

/** The package in the folder of each process, where n8n's own installer puts it. */
async function installEverywhere(options: ClusterOptions, names: string[]): Promise<void> {
	const [first, ...others] = names.map((name) => userFolder(options, name)) as [
		string,
		...string[],
	];
	await installPackage(options.tarball, first, { signal: options.signal });
	for (const folder of others) await cp(first, folder, { recursive: true });
	for (const folder of [first, ...others]) await mkdir(join(folder, 'files'));
}

/** Starts a main process, then its workers; each is started again whenever it ends. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
	const { cleanup, folder } = options;
	const workers = Array.from({ length: options.workers }, (_, index) => `worker-${index + 1}`);
	await installEverywhere(options, ['main', ...workers]);
	const [mainPort, frontPort] = (await freePorts(2)) as [number, number];
	const url = `http://127.0.0.1:${frontPort}`;
	const encryptionKey = randomBytes(16).toString('hex');
	const common = { mainPort, url, encryptionKey, settings: clusterSettings(options) };
	const reverseProxy = await startReverseProxy(frontPort, mainPort);
	cleanup.add(reverseProxy.close);

	const file = new MemberFile(join(folder, 'members.json'));
	const all: Supervised[] = [];
	cleanup.add(async () => {
		await Promise.all(all.map(async (one) => await one.stop()));
	});
	const supervise = (name: string, launch: Launch) => {
		const onChange = () => file.write(all.map(({ member }) => member));
		const one = new Supervised({ name, log: join(folder, name), launch, onChange });
		all.push(one);
		return one;
	};
	const main = supervise('main', await mainLaunch(options, common));
	await runStep('n8n main started', async () => await main.start());
	const started = workers.map((name) => supervise(name, workerLaunch(options, name, common)));
	await runStep(`${started.length} workers started`, async () => {
		await Promise.all(started.map(async (worker) => await worker.start()));
	});
	return { url, membersFile: file.path };
}
