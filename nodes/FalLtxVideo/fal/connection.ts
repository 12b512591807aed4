import type { FalHosts, HostFields } from './hosts';
import { hostsOf } from './hosts';
import type { FalHttp, HttpContext } from './http';
import { n8nHttp } from './http';
import type { FalQueue } from './queue';
import { falQueue } from './queue';
import type { RequestList } from './requestList';
import { requestList } from './requestList';

/** All that one run of a node needs to speak to fal. */
export interface FalConnection {
	hosts: FalHosts;
	http: FalHttp;
	queue: FalQueue;
	requests: RequestList;
}

/**
 * Connects to the fal that the credential names. Sends nothing.
 *
 * @throws NodeOperationError of n8n's when the node has no credential
 */
export async function connect(context: HttpContext, endpointId: string): Promise<FalConnection> {
	const hosts = hostsOf(await context.getCredentials<HostFields>('falLtxApi'));
	const http = n8nHttp(context, hosts);
	return {
		hosts,
		http,
		queue: falQueue(http, hosts, endpointId),
		requests: requestList(http, hosts, endpointId),
	};
}
