/*
 * fal's names. Apart from the schemas, as the credential needs a name only.
 */

/** Owner and name of the application that serves all endpoints: fal keeps requests by it (fal: queue reference). */
export const APPLICATION = 'fal-ai/ltx-2.3-22b';

/** fal's names of the endpoints: application and path. */
export const LTX_2_3_DISTILLED_TEXT_TO_VIDEO_LORA = `${APPLICATION}/distilled/text-to-video/lora`;
