import { setTimeout as pause } from 'node:timers/promises';
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import {
	type CallRecord,
	type Emulator,
	type EmulatorOptions,
	startEmulator,
} from '../../emulator/index.mts';
import { lateBound } from '../lateBound.mts';
import { useEmulator } from '../useEmulator.mts';
import type { Engine, NodeRun, Outcome } from './engine.mts';

/** A local fal and the credential that leads to it. */
export interface Scene {
	fal: Emulator;
	credential: ICredentialDataDecryptedObject;
}

const sceneOf = (fal: Emulator): Scene => ({
	fal,
	credential: {
		apiKey: fal.apiKey,
		customHosts: true,
		queueUrl: fal.hosts.queue,
		restUrl: fal.hosts.rest,
		platformUrl: fal.hosts.platform,
	},
});

/** Starts a local fal. Close it at the end of each test: it fails then if the key went astray. */
export const startScene = async (options?: EmulatorOptions): Promise<Scene> =>
	sceneOf(await startEmulator(options));

/** The scene of the test that runs. */
export interface CurrentScene extends Scene {
	/** Starts another one in its place. */
	restart(options?: EmulatorOptions): Promise<Scene>;
}

/** Gives each test of a file, or of a `describe`, a scene of its own, with `useEmulator`. */
export function useScene(options?: EmulatorOptions): CurrentScene {
	const fal = useEmulator(options);
	const restart = async (others?: EmulatorOptions) => {
		await fal.restart(others);
		return sceneOf(fal);
	};
	return lateBound(() => sceneOf(fal), { restart });
}

/** Changes of the parameters; exact numbers of frames may stand at the top. */
export interface VideoChanges extends INodeParameters {
	generation?: INodeParameters;
}

/** Parameters of `video: textToVideo` for a video that is made in no time. */
export function videoParameters(changes: VideoChanges = {}): INodeParameters {
	const { numFrames = 9, fps = 24, generation, ...others } = changes;
	return {
		resource: 'video',
		operation: 'textToVideo',
		model: 'distilled',
		prompt: '={{ $json.prompt ?? "a fox" }}',
		loras: { lora: [{ path: 'owner/repo' }] },
		videoSize: 'custom',
		width: 64,
		height: 64,
		generation: { numFrames, fps, ...generation },
		...others,
	};
}

/** A function that runs `video: textToVideo` in a scene, with changed parameters or another run. */
export const generateIn =
	(engine: Engine, scene: Scene) =>
	async (changes: VideoChanges = {}, more: Partial<NodeRun> = {}): Promise<Outcome> =>
		await engine.run({
			parameters: videoParameters(changes),
			credential: scene.credential,
			...more,
		});

/** The calls of one kind that fal received. */
export function calls(fal: Emulator, kind: 'submit' | 'stream' | 'status' | 'result' | 'cancel') {
	return fal.calls.filter((call) => call.listener === 'queue' && kindOf(call) === kind);
}

function kindOf({ method, path }: CallRecord): string {
	if (method === 'POST') return 'submit';
	if (path.includes('/status/stream')) return 'stream';
	if (path.includes('/status')) return 'status';
	return path.endsWith('/cancel') ? 'cancel' : 'result';
}

/** The bytes of a file as the CDN serves them to anybody. */
export async function servedBytes(url: unknown): Promise<Buffer> {
	return Buffer.from(await (await fetch(String(url))).arrayBuffer());
}

/** Waits for a condition that is on its way. @throws Error when it does not come about in time */
export async function until(condition: () => boolean, withinMs = 10_000): Promise<void> {
	const deadline = Date.now() + withinMs;
	while (!condition()) {
		if (Date.now() > deadline) throw new Error(`Still not: ${condition.toString()}`);
		await pause(10);
	}
}
