import { readFileSync } from 'node:fs';
import { MemberFile, type ProcessRun, type Member } from '../../scripts/cluster/members.mts';
import { N8nClient, type Session } from '../../scripts/n8n/rest.mts';
import { until } from '../e2e/poll.mts';

// Three processes of n8n on one machine, some of which are killed and started again.
jest.setTimeout(400_000);

const RESTARTED_WITHIN_MS = 150_000;

/** The cluster that `npm run e2e:queue` started. */
interface RunningCluster {
	url: string;
	session: Session;
	membersFile: string;
	binaryMode: 'database' | 'filesystem';
}

/** The cluster that `npm run e2e:queue` started for all tests. */
export function runningCluster(): RunningCluster {
	const cluster = process.env['E2E_CLUSTER'];
	if (cluster === undefined) {
		throw new Error('These tests need a cluster of n8n: run them with `npm run e2e:queue`.');
	}
	return JSON.parse(cluster) as RunningCluster;
}

/** A client that is logged in to the cluster's main process. */
export function loggedIn(): N8nClient {
	const { url, session } = runningCluster();
	return new N8nClient(url, session);
}

/** One of the cluster's processes: `main`, `worker-1`, `worker-2`. */
function member(name: string): Member {
	const members = new MemberFile(runningCluster().membersFile).read();
	const found = members.find((candidate) => candidate.name === name);
	if (!found) throw new Error(`The cluster has no process named ${name}.`);
	return found;
}

/** The process as it runs, or ran, last. */
export const latestRun = (name: string): ProcessRun => member(name).runs.at(-1)!;

/** How often a process was started. */
export const runCount = (name: string): number => member(name).runs.length;

/** Ends a process with all its children, at once or in order. It is started again by the cluster. */
export function end(name: string, signal: 'SIGKILL' | 'SIGTERM'): void {
	process.kill(-latestRun(name).pid, signal);
}

/** Waits until a process runs again, after so many runs before. */
export async function untilRestarted(name: string, runsBefore: number): Promise<void> {
	const isBack = () => runCount(name) > runsBefore && latestRun(name).state === 'ready';
	await until(`${name} runs again`, isBack, RESTARTED_WITHIN_MS);
}

const textOf = ({ logFile }: ProcessRun) => readFileSync(logFile, 'utf8');

/** Everything that a process wrote in all its runs. */
export const logOf = (name: string): string => member(name).runs.map(textOf).join('\n');

/** What a process wrote in its latest run. */
export const latestLogOf = (name: string): string => textOf(latestRun(name));
