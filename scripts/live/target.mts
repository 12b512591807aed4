import {
	startEmulator,
	type Emulator,
	type EmulatorOptions,
	type Variants,
} from '../../emulator/index.mts';
import { DEFAULT_VARIANTS } from '../../emulator/variants.mts';
import { FAL_HOSTS, type FalHosts } from '../../nodes/FalLtxVideo/fal/hosts.ts';
import { JOBS } from './jobs.mts';
import { WebhookReceiver } from './webhookReceiver.mts';

/** Which fal is asked. */
export interface Target {
	name: string;
	isLocal: boolean;
	apiKey: string;
	hosts: FalHosts;
	/** A LoRA that can be used; without one the questions that need it are left out. */
	lora: string | undefined;
	/** An address that surely has no LoRA. */
	deadLink: string;
	/** Between two looks at something that is on its way. */
	pollMs: number;
	/** For less than this a request says nothing of whether the list has those that wait. */
	openLeastSeconds: number;
	/** How long the list is asked for a request that it does not have. */
	listedWithinMs: number;
	/** Where fal can call; without it the questions about webhooks are left out. */
	webhook: { url: string; receiver: WebhookReceiver } | undefined;
	/** How long a call of fal's is waited for. */
	webhookWithinMs: number;
	close(): Promise<void>;
}

/** What a person gives besides the key. */
export interface RealOptions {
	lora?: string;
	webhook?: Target['webhook'];
}

/** fal.ai itself. */
export function realTarget(apiKey: string, { lora, webhook }: RealOptions = {}): Target {
	return {
		...{ name: 'fal.ai', isLocal: false, apiKey, lora, webhook },
		hosts: FAL_HOSTS,
		// A name that is kept for documents: nothing else will ever be there.
		deadLink: 'https://example.com/none.safetensors',
		...{ pollMs: 1_000, openLeastSeconds: 5, listedWithinMs: 60_000 },
		webhookWithinMs: 3 * 60_000,
		close: async () => await webhook?.receiver.close(),
	};
}

/** Slow enough that each state can be seen. */
function setPace(fal: Emulator): void {
	fal.script(JOBS.plain.prompt, { job: { queueSeconds: 1, runSeconds: 0.8 } });
	fal.script(JOBS.lora.prompt, { job: { queueSeconds: 0.1, runSeconds: 0.5 } });
	fal.script(JOBS.cancelQueued.prompt, { job: { queueSeconds: 30 } });
	fal.script(JOBS.cancelRunning.prompt, { job: { queueSeconds: 0, runSeconds: 1.5 } });
}

/** How the local fal is to behave. */
export interface LocalOptions extends Pick<EmulatorOptions, 'variants' | 'prices'> {
	/** Called before anything else is set. */
	prepare?: (fal: Emulator) => void;
}

/** The local fal, in one reading of what is uncertain. */
export async function localTarget({ prepare, ...options }: LocalOptions = {}): Promise<Target> {
	const fal = await startEmulator(options);
	prepare?.(fal);
	setPace(fal);
	const { queue, rest, platform, cdn } = fal.hosts;
	const receiver = await WebhookReceiver.open(0);
	return {
		...{ name: 'the local fal', isLocal: true, apiKey: fal.apiKey },
		hosts: { queue, rest, platform },
		lora: 'owner/repo',
		deadLink: `${cdn}/files/none.safetensors`,
		...{ pollMs: 100, openLeastSeconds: 1, listedWithinMs: 12_000 },
		webhook: { url: receiver.url, receiver },
		webhookWithinMs: 2_000,
		close: async () => {
			await receiver.close();
			await fal.close();
		},
	};
}

/** Reads `name=value` as one of the local fal's readings. @throws Error when there is no such one */
export function readVariant(text: string): Partial<Variants> {
	const [name = '', ...rest] = text.split('=');
	const value = rest.join('=');
	const usual = DEFAULT_VARIANTS[name as keyof Variants] as unknown;
	if (usual === undefined)
		throw new Error(`--variant: the local fal has ${Object.keys(DEFAULT_VARIANTS).join(', ')}`);
	if (typeof usual === 'string') return { [name]: value };
	return { [name]: JSON.parse(value) as unknown };
}
