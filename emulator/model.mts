import { once } from 'node:events';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { ENDPOINTS } from './endpoints/endpoints.mts';
import type { ValidInput } from './endpoints/fields.mts';
import { infrastructureError, modelError, type ModelResponse } from './responses.mts';
import type { FileStore } from './files.mts';
import type { Job } from './jobs.mts';
import type { Journal } from './listener.mts';
import { fetchLoras, type LoraSources } from './loras.mts';
import { fetchMedia, type Media } from './media/fetchMedia.mts';
import { chooseSeed, videoResponse, type VideoFile } from './output.mts';
import { makePreparedFile } from './preparedFile.mts';
import { validate } from './validation.mts';
import { containerOf } from './video/containers.mts';
import type { VideoSpec } from './video/spec.mts';
import { makeVideo } from './video/video.mts';
import { videoSpecOf, type Delivery } from './videoSpec.mts';

export interface ModelOptions extends LoraSources, Delivery {
	files: FileStore;
	journal: Journal;
	/** Least time of a run, in seconds. */
	runSeconds: number;
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
		const response = await this.#fetchAndMake(job, checked.input, signal);
		// A faulty file ends it at once too.
		if (response.status !== 422) await least;
		return response;
	}

	/** The files that were fetched are there as long as the video is made. */
	async #fetchAndMake(job: Job, input: ValidInput, signal: AbortSignal): Promise<ModelResponse> {
		const { files, cdn } = this.options;
		const folder = files.newLocation();
		await mkdir(folder);
		try {
			const got = await fetchMedia(input, { cdn, folder }, signal);
			if ('errors' in got) return modelError(got.errors);
			job.record.media = got.fetched;
			return await this.#make(job, input, got.media, signal);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	}

	async #least({ script: { job } }: Job, signal: AbortSignal): Promise<void> {
		const seconds = job.runSeconds ?? this.options.runSeconds;
		await wait(seconds * 1000, undefined, { signal });
		const aborted = once(signal, 'abort').then(() => signal.throwIfAborted());
		await Promise.race([job.until, aborted]);
	}

	async #make(
		job: Job,
		input: ValidInput,
		media: Media,
		signal: AbortSignal,
	): Promise<ModelResponse> {
		const seed = chooseSeed(input, job.script.output);
		const { task } = ENDPOINTS.get(job.record.endpointId)!;
		const spec = videoSpecOf({ task, input, media, seed }, this.options);
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
