import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { estimate } from '../../nodes/FalLtxVideo/cost/estimate.ts';
import type { ModelName } from '../../nodes/FalLtxVideo/endpoints/models.ts';
import { framesOf, shapeOf } from '../../nodes/FalLtxVideo/endpoints/videoShape.ts';
import { nodeNamed, type Workflow } from '../n8n/workflow.mts';
import { endpointNamed } from './endpointNamed.mts';

const FILE = fileURLToPath(new URL('../../examples/generate-video.json', import.meta.url));

/** The nodes of the example workflow. */
export const EXAMPLE_NODES = {
	trigger: 'Start',
	video: 'fal LTX Video',
	next: 'The next node has the MP4',
	last: 'Fingerprint of the file',
} as const;

/** The workflow that people import. */
export async function readExample(): Promise<Workflow> {
	return JSON.parse(await readFile(FILE, 'utf8')) as Workflow;
}

interface ExampleParameters {
	model: ModelName;
	videoSize: string;
	durationSeconds: number;
	loras?: { lora?: object[] };
}

/** fal's own, unless another one is set. */
const FPS = 24;

/** What the example's video costs on fal.ai, e.g. "0.086 USD". */
export function estimatedCost(workflow: Workflow): string {
	const { parameters } = nodeNamed(workflow, EXAMPLE_NODES.video);
	const given = parameters as unknown as ExampleParameters;
	const hasLoras = (given.loras?.lora ?? []).length > 0;
	const endpoint = endpointNamed('text-to-video', given.model, hasLoras);
	const frames = framesOf(given.durationSeconds, FPS);
	const shape = shapeOf(endpoint, { video_size: given.videoSize, num_frames: frames });
	return `${estimate(shape, endpoint.price)!.cost.toString()} ${endpoint.price.currency}`;
}
