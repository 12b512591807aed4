import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import type { ValidInput } from './endpoints/fields.mts';
import { infrastructureError, modelError, type ModelResponse } from './responses.mts';
import type { FileStore } from './files.mts';
import type { Job } from './jobs.mts';
import type { Journal } from './listener.mts';
import { fetchLoras, type LoraSources } from './loras.mts';
import { chooseSeed, videoSpecOf, videoResponse, type VideoFile } from './output.mts';
import { makePreparedFile } from './preparedFile.mts';
import { validate } from './validation.mts';
import { containerOf, makeVideo, type VideoSpec } from './video.mts';

export interface ModelOptions extends LoraSources {
	files: FileStore;
	journal: Journal;
	/** Least time of a run, in seconds. */
	runSeconds: number;
	delivered: 'asked' | 'enlarged';
	/** Makes files of so many bytes instead of videos. */
	preparedBytes?: number;
}

/** The model: turns an input into a response, as a runner of fal does. */
export class Model {
	constructor(readonly options: ModelOptions) {}

	/** Runs one job. A faulty input ends at once, everything else takes the least time at least. */
	async run(job: Job, signal: AbortSignal): Promise<ModelResponse> {
		const least = this.#least(job, signal);
		// A faulty input does not wait for it; an abort must not be an unhandled rejection then.
		least.catch(() => undefined);
		const { outcome } = job.script.job;
		if (outcome) return await least.then(() => outcome);
		const checked = validate(job.record.rawBody, job.record.endpointId);
		if ('errors' in checked) return modelError(checked.errors);
		const loras = await fetchLoras(checked.input.loras ?? [], this.options, signal);
		if ('errors' in loras) return modelError(loras.errors);
		job.record.loras = loras.fetched;
		// One after the other: a job has ended only when its encoder has.
		const response = await this.#make(job, checked.input, signal);
		await least;
		return response;
	}

	async #least({ script: { job } }: Job, signal: AbortSignal): Promise<void> {
		const seconds = job.runSeconds ?? this.options.runSeconds;
		await wait(seconds * 1000, undefined, { signal });
		const aborted = once(signal, 'abort').then(() => signal.throwIfAborted());
		await Promise.race([job.until, aborted]);
	}

	async #make(job: Job, input: ValidInput, signal: AbortSignal): Promise<ModelResponse> {
		const seed = chooseSeed(input, job.script.output);
		const spec = videoSpecOf(input, seed, this.options.delivered);
		try {
			const video = await this.#makeFile(job, spec, input.sync_mode, signal);
			job.log(`Generated ${spec.frames} frames`);
			return videoResponse(spec, seed, video, job.script.output);
		} catch (error) {
			if (signal.aborted) throw error;
			this.options.journal.violation(`a video could not be made: ${String(error)}`);
			return infrastructureError(500, 'internal_error', 'Internal server error');
		}
	}

	async #makeFile(
		job: Job,
		spec: VideoSpec,
		syncMode: boolean,
		signal: AbortSignal,
	): Promise<VideoFile> {
		const { files, cdn } = this.options;
		const { extension, contentType } = containerOf(spec.outputType);
		const [name, location] = [files.newName(extension), files.newLocation()];
		const size = await this.#produce(spec, location, signal);
		const { dataUri, servedType = contentType } = job.script.output;
		const path = files.newPath(name);
		let url = cdn + path;
		if (syncMode || dataUri)
			url = `data:${contentType};base64,${await readFile(location, 'base64')}`;
		else await files.add({ path, name, location, contentType: servedType, script: job.script });
		return {
			url,
			content_type: contentType,
			file_name: name,
			file_size: size,
			...{ width: spec.width, height: spec.height, fps: spec.fps },
			duration: spec.frames / spec.fps,
			num_frames: spec.frames,
		};
	}
	async #produce(spec: VideoSpec, location: string, signal: AbortSignal): Promise<number> {
		const { preparedBytes } = this.options;
		if (preparedBytes === undefined) return await makeVideo(spec, location, signal);
		return await makePreparedFile(location, preparedBytes, signal);
	}
}
