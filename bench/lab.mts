import { join } from 'node:path';
import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator/index.mts';
import { installPackage, packPackage } from '../scripts/n8n/communityPackage.mts';
import { newOwner, ownFolder } from '../scripts/n8n/host.mts';
import { ensureN8n } from '../scripts/n8n/install.mts';
import { startN8n, type N8nInstance } from '../scripts/n8n/instance.mts';
import type { Installation } from '../scripts/n8n/location.mts';
import { N8nClient, type Credential } from '../scripts/n8n/rest.mts';
import { NEWEST } from '../scripts/n8n/targets.mts';
import { Cleanup } from '../scripts/processes/cleanup.mts';
import type { Report } from '../scripts/terminal/steps.mts';

/** An n8n that runs, with the node in it and a person logged in. */
export interface RunningN8n extends N8nInstance {
	n8n: N8nClient;
}

/** What `fal.ai` is here, and the credential that leads n8n to it. */
export interface LocalFal {
	emulator: Emulator;
	credential: Credential;
}

const CREDENTIAL_TYPE = 'falLtxApi';

/** What measurements in a real n8n are made with; all of it is gone when the lab is closed. */
export class Lab {
	private constructor(
		readonly installation: Installation,
		/** The packed package. */
		readonly tarball: string,
		/** Takes down what was started last. */
		private readonly cleanup: Cleanup,
		private readonly signal: AbortSignal,
	) {}

	/** Packs the node, and installs n8n if it isn't there yet. */
	static async open(report: Report, signal: AbortSignal, cleanup: Cleanup): Promise<Lab> {
		const installation = await ensureN8n({ target: NEWEST, report, signal });
		const folder = await ownFolder(cleanup);
		report('building and packing the node');
		const tarball = await packPackage(folder, { signal });
		return new Lab(installation, tarball, cleanup, signal);
	}

	/** A lab of one benchmark: what it starts can be taken down by itself. */
	within(cleanup: Cleanup): Lab {
		return new Lab(this.installation, this.tarball, cleanup, this.signal);
	}

	/**
	 * Starts an n8n in a folder of its own: what an earlier one did is not measured again.
	 *
	 * @param env more of n8n's environment variables
	 */
	async startN8n(env: Record<string, string> = {}): Promise<RunningN8n> {
		const { installation, signal } = this;
		const folder = join(await ownFolder(this.cleanup), 'n8n');
		await installPackage(this.tarball, folder, { signal });
		const instance = await startN8n({ installation, folder, env, signal });
		this.cleanup.add(instance.stop);
		const n8n = new N8nClient(instance.url);
		await n8n.setUpOwner(newOwner());
		return { ...instance, n8n };
	}

	/** Starts a fal that makes no videos but hands out prepared files, and makes a credential for it in n8n. */
	async startFal(
		{ n8n }: RunningN8n,
		options: EmulatorOptions & { preparedBytes: number },
	): Promise<LocalFal> {
		const emulator = await startEmulator({ queueSeconds: 0, concurrency: 10_000, ...options });
		this.cleanup.add(async () => await emulator.close());
		const { hosts, apiKey } = emulator;
		const { queue: queueUrl, rest: restUrl, platform: platformUrl } = hosts;
		const data = { apiKey, customHosts: true, queueUrl, restUrl, platformUrl };
		return { emulator, credential: await n8n.createCredential('fal', CREDENTIAL_TYPE, data) };
	}
}
