import { startEmulator } from '../../emulator/index.mts';

/** Who makes the video, and the credential that n8n reaches it with. */
export interface Fal {
	name: string;
	credential: Record<string, unknown>;
	close(): Promise<void>;
}

const RUN_SECONDS = 1;

/** The local fal: free, offline, and with real video files. */
export async function localFal(): Promise<Fal> {
	const emulator = await startEmulator({ runSeconds: RUN_SECONDS });
	const { queue, rest, platform } = emulator.hosts;
	return {
		name: 'local fal',
		credential: {
			apiKey: emulator.apiKey,
			customHosts: true,
			queueUrl: queue,
			restUrl: rest,
			platformUrl: platform,
		},
		close: async () => await emulator.close(),
	};
}

/** fal.ai itself. */
export function realFal(apiKey: string): Fal {
	return {
		name: 'fal.ai',
		credential: { apiKey, customHosts: false },
		close: async () => undefined,
	};
}
