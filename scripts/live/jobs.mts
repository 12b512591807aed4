import type Big from 'big.js';
import { estimate } from '../../nodes/FalLtxVideo/cost/estimate.ts';
import type { Endpoint } from '../../nodes/FalLtxVideo/endpoints/Endpoint.ts';
import { endpointNamed } from '../start/endpointNamed.mts';

/** The smallest that the model surely makes: a multiple of 64, which multi-scale generation keeps. */
export const SIDE = 192;

/** The fewest that fal takes. */
export const FRAMES = 9;
export const FPS = 24;

/** Of a sound whose 12 frames are not among those that the model makes: 9, 17, … */
export const SOUND_SECONDS = 0.5;

/** A video that is submitted to find something out. */
export interface Job {
	/** What it is, in a few words. */
	about: string;
	endpoint: Endpoint;
	/** Also names it in the list of requests. */
	prompt: string;
	/** The most frames that fal can bill. */
	frames: number;
	/** Whether it takes a LoRA that works. */
	takesLora?: boolean;
	/** Whether fal has to reach a webhook. */
	takesWebhook?: boolean;
}

const small = (about: string, endpoint: Endpoint, more: Partial<Job> = {}): Job => ({
	about,
	endpoint,
	prompt: `A red ball rolls over a white table (${about})`,
	frames: FRAMES,
	...more,
});

const plain = endpointNamed('text-to-video', 'distilled', false);
const withLoras = endpointNamed('text-to-video', 'distilled', true);

/** All of them, by their names. */
export const JOBS = {
	plain: small('without LoRAs', plain),
	lora: small('with a LoRA', withLoras, { takesLora: true }),
	emptyLoras: small('with an empty list of LoRAs', withLoras),
	deadLora: small('with a LoRA that is not there', withLoras),
	webhook: small('with a webhook', plain, { takesWebhook: true }),
	cancelQueued: small('cancelled while it waits', plain),
	cancelRunning: small('cancelled while it runs', plain),
	image: small('from an uploaded image', endpointNamed('image-to-video', 'distilled', false)),
	extended: small('an extended video', endpointNamed('extend-video', 'full', false), {
		frames: FRAMES + FRAMES,
	}),
	matched: small('as long as a sound', endpointNamed('audio-to-video', 'distilled', false), {
		frames: Math.ceil((SOUND_SECONDS * FPS - 1) / 8) * 8 + 1,
	}),
} satisfies Record<string, Job>;

export type JobId = keyof typeof JOBS;

/** The most that a job can cost, as the node estimates it: at the published price, or at another one. */
export function mostOf(id: JobId, unitPrice?: string): Big {
	const { endpoint, frames } = JOBS[id];
	const price = { ...endpoint.price, ...(unitPrice !== undefined && { unitPrice }) };
	const size = { width: SIDE, height: SIDE };
	return estimate({ size, frames, fps: FPS, isMultiscale: true }, price)!.upperCost;
}
