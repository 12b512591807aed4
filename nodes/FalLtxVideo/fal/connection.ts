import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { type FalHosts, type HostFields, hostsOf } from './hosts';
import { CREDENTIAL_TYPE, type FalHttp, type HttpContext, n8nHttp } from './http/n8nHttp';
import { type FalQueue, falQueue } from './queue/falQueue';
import { type RequestList, requestList } from './queue/requestList';

/** All that is needed to speak to fal for one account. */
export interface FalConnection {
	hosts: FalHosts;
	http: FalHttp;
	queue: FalQueue;
	requests: RequestList;
}

/** n8n's context of a node, which resolves a credential for one item. */
export type ConnectionContext = HttpContext & {
	getCredentials<T extends object>(type: string, itemIndex?: number): Promise<T>;
};

/**
 * Connects to the fal that the credential names. Sends nothing.
 *
 * @throws NodeOperationError of n8n's when the node has no credential; TypeError for a host that is none
 */
export async function connect(context: ConnectionContext): Promise<FalConnection> {
	return await new Connections(context).of(0);
}

/**
 * The connections of one run of a node. A credential may hold expressions, so each item has the one
 * that it resolves to; items whose credentials resolve to the same share a connection.
 */
export class Connections {
	private readonly byCredential = new Map<string, FalConnection>();

	constructor(private readonly context: ConnectionContext) {}

	/** The connection of one item. Sends nothing. @throws as {@link connect} */
	async of(itemIndex: number): Promise<FalConnection> {
		const { context } = this;
		const credential = await context.getCredentials<Credential>(CREDENTIAL_TYPE, itemIndex);
		const key = JSON.stringify(credential);
		const connection = this.byCredential.get(key) ?? this.open(credential);
		this.byCredential.set(key, connection);
		return connection;
	}

	private open(credential: Credential): FalConnection {
		const hosts = hostsOf(credential);
		const http = n8nHttp(this.context, hosts, credential);
		return {
			hosts,
			http,
			queue: falQueue(http, hosts),
			requests: requestList(http, hosts),
		};
	}
}

type Credential = ICredentialDataDecryptedObject & HostFields;
