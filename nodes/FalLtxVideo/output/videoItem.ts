import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { VideoOutput } from '../endpoints/output';
import { isDataUri } from '../fal/download/dataUri';
import type { GeneratedVideo } from '../request/awaitVideo';
import type { VideoCost } from '../cost/actualCost';

/** What one finished video is made an item of. */
export interface FinishedVideo {
	output: VideoOutput;
	generated: GeneratedVideo;
	/** Where it was submitted; undefined when that is not known. */
	endpointId?: string;
	cost: VideoCost;
	options: { outputBinaryField: string; includeLogs: boolean };
	/** Seconds that the file took to arrive; null when it was not downloaded. */
	downloadSeconds: number | null;
	/** The file in n8n's store. */
	data?: IBinaryData;
}

/** fal's result as an n8n item: unchanged, with the request, its cost and its times added. */
export function videoItem(finished: FinishedVideo): INodeExecutionData {
	const { output, generated, endpointId, cost, options, downloadSeconds, data } = finished;
	return {
		json: {
			...(withoutFile(output) as IDataObject),
			request_id: generated.requestId,
			endpoint_id: endpointId ?? null,
			cost: { ...cost },
			timings: { ...generated.timings, download_seconds: downloadSeconds },
			...(options.includeLogs ? { logs: generated.logs } : {}),
		},
		...(data ? { binary: { [options.outputBinaryField]: data } } : {}),
	};
}

/** A file that came inside the JSON is binary data now; a second copy as text is of no use. */
export function withoutFile(output: VideoOutput): object {
	const { url, ...video } = output.video;
	return isDataUri(url) ? { ...output, video } : output;
}
