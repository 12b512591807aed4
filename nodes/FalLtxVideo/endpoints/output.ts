import { z } from 'zod';

/*
 * What every endpoint of LTX-2.3 answers. The video's address is all that is asked of a response: it is
 * paid for, and a response with a field missing or of another type is no reason to throw it away. Unknown
 * fields are kept.
 */

const number = z.number().int().positive().max(1_000_000).optional().catch(undefined);

/** What fal answers when the video is made. */
export const videoOutput = z
	.object({ video: z.object({ url: z.string().min(1) }).passthrough() })
	.passthrough();

export type VideoOutput = z.infer<typeof videoOutput>;

/** What the delivered size is read from, as far as fal sent it. */
export const deliveredShape = z.object({ width: number, height: number, num_frames: number });
