import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { megapixels, priceOf } from '../../nodes/FalLtxVideo/cost/estimate.ts';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../nodes/FalLtxVideo/endpoints/ltx23DistilledTextToVideoLora.ts';
import { shapeOf } from '../../nodes/FalLtxVideo/endpoints/videoShape.ts';
import { nodeNamed, type Workflow } from '../n8n/workflow.mts';

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
	videoSize: string;
	numFrames: number;
	fps: number;
}

/** What the example's video costs on fal.ai, e.g. "0.1003 USD". */
export function estimatedCost(workflow: Workflow): string {
	const { parameters } = nodeNamed(workflow, EXAMPLE_NODES.video);
	const { videoSize, numFrames, fps } = parameters as unknown as ExampleParameters;
	const shape = shapeOf(endpoint, { video_size: videoSize, num_frames: numFrames, fps });
	return `${priceOf(megapixels(shape), endpoint.price).toString()} ${endpoint.price.currency}`;
}
