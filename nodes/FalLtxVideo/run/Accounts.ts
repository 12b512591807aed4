import type { IExecuteFunctions } from 'n8n-workflow';
import { Connections, type FalConnection } from '../fal/connection';
import { Uploads } from '../files/Uploads';
import { takenOverHint } from '../output/hints/takenOverHint';
import type { VideoClient } from '../request/VideoRequest';
import { LostData } from '../request/lost/findLostRequest';
import type { RequestStore } from '../request/records/RequestStore';

/** One account on fal, as the items that use it share it. */
export interface Account {
	fal: FalConnection;
	client: VideoClient;
	uploads: Uploads;
}

/** The accounts of a run: a credential with expressions may give each item another one. */
export class Accounts {
	private readonly connections: Connections;

	private readonly byConnection = new Map<FalConnection, Account>();

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly store: RequestStore,
	) {
		this.connections = new Connections(context);
	}

	/** @throws n8n's error without a credential */
	async of(itemIndex: number): Promise<Account> {
		const fal = await this.connections.of(itemIndex);
		const account = this.byConnection.get(fal) ?? this.open(fal);
		this.byConnection.set(fal, account);
		return account;
	}

	private open(fal: FalConnection): Account {
		const { context, store } = this;
		const searching = {
			place: fal.hosts.queue,
			list: fal.requests,
			executionId: store.executionId,
			isOwn: (requestId: string) => store.has(requestId),
		};
		const lostData = new LostData(searching);
		const onTakenOver = takenOverHint(context);
		const { queue, requests } = fal;
		const client = { queue, requests, store, searching, lostData, onTakenOver };
		return { fal, client, uploads: new Uploads(fal) };
	}
}
