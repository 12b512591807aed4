import Big from 'big.js';
import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { megapixels, priceOf } from '../../endpoint/cost';
import type { Ltx23Input, Ltx23Output } from '../../endpoint/ltx23DistilledTextToVideoLora';
import { ltx23DistilledTextToVideoLora as endpoint } from '../../endpoint/ltx23DistilledTextToVideoLora';
import { shapeOf } from '../../endpoint/shape';
import { isDataUri } from '../../fal/download';
import type { Generated, Timings } from '../../request/generateVideo';

/** What a video was expected to cost, and what it did cost. */
export interface VideoCost {
	/** From the size and frames asked for, in the currency. */
	estimated: number;
	/** From the units below, in the currency; null when nothing tells. */
	actual: number | null;
	/** Megapixels that fal bills; null when nothing tells. */
	billable_units: number | null;
	unit_price: number;
	currency: string;
	/** Where the units come from: fal's own figure, or the size of the video it delivered. */
	source: 'billed' | 'delivered' | 'unknown';
}

/** The cost of a finished video. fal's own figure counts; the delivered size stands in for it. */
export function costOf(
	input: Ltx23Input,
	output: Ltx23Output,
	billableUnits: string | undefined,
): VideoCost {
	const { price } = endpoint;
	const { units, source } = meteredUnits(output, billableUnits);
	return {
		estimated: priceOf(megapixels(shapeOf(endpoint, input)), price).toNumber(),
		actual: units && priceOf(units, price).toNumber(),
		billable_units: units && units.toNumber(),
		unit_price: Number(price.unitPrice),
		currency: price.currency,
		source,
	};
}

function meteredUnits(
	{ video }: Ltx23Output,
	billableUnits: string | undefined,
): { units: Big | null; source: VideoCost['source'] } {
	if (billableUnits !== undefined && /^\d+(\.\d+)?$/.test(billableUnits.trim())) {
		return { units: new Big(billableUnits.trim()), source: 'billed' };
	}
	const { width, height, num_frames: frames, fps } = video;
	if (!width || !height || !frames) return { units: null, source: 'unknown' };
	return { units: megapixels({ width, height, frames, fps: fps ?? 1 }), source: 'delivered' };
}

/** What one finished video is made an item of. */
export interface FinishedVideo {
	input: Ltx23Input;
	output: Ltx23Output;
	generated: Generated;
	/** Seconds that the file took to arrive; null when it was not downloaded. */
	downloadSeconds: number | null;
	binary?: { field: string; data: IBinaryData };
}

/** fal's answer as an n8n item: as it came, with the request, its cost and its times added. */
export function videoItem(finished: FinishedVideo): INodeExecutionData {
	const { input, output, generated, binary } = finished;
	return {
		json: {
			...withoutFile(output),
			request_id: generated.requestId,
			cost: { ...costOf(input, output, generated.billableUnits) },
			timings: timingsOf(generated.timings, finished.downloadSeconds),
		},
		...(binary ? { binary: { [binary.field]: binary.data } } : {}),
	};
}

/** A file that came inside the JSON is binary data now; a second copy as text helps nobody. */
function withoutFile(output: Ltx23Output): object {
	const { url, ...video } = output.video;
	return isDataUri(url) ? { ...output, video } : output;
}

function timingsOf(timings: Timings, downloadSeconds: number | null): IDataObject {
	return { ...timings, download_seconds: downloadSeconds };
}
