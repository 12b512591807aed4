/** fal's names of the endpoints: owner/app/path. Apart from their schemas, as some need the name only. */
export const LTX_2_3_DISTILLED_TEXT_TO_VIDEO_LORA =
	'fal-ai/ltx-2.3-22b/distilled/text-to-video/lora';
