/*
 * fal's names. Apart from the schemas, as the credential needs a name only.
 */

/** Owner and name of the application that serves all endpoints: fal keeps requests by it (fal: queue reference). */
export const APPLICATION = 'fal-ai/ltx-2.3-22b';

/** The endpoint whose price a credential is tested with. */
export const TESTED_ENDPOINT = `${APPLICATION}/distilled/text-to-video/lora`;
