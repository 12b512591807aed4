/*
 * MP3 and AAC may begin with their first frame, without anything before that says what they are. The
 * headers of frames are those of ISO/IEC 11172-3 (MP3) and ISO/IEC 14496-3 (AAC, as ADTS).
 */

/** Layer III, whose frames are MP3, as its header numbers layers; AAC has a zero there. */
const LAYER_3 = 1;

/** Sample rates that an AAC header may name. */
const AAC_RATES = 13;

/** The content type of a file that begins with a frame of sound; undefined when it does not. */
export function contentTypeOfFrame(head: Uint8Array): string | undefined {
	const [first = 0, second = 0, third = 0] = head;
	// Eleven ones begin a frame of either, twelve one of AAC.
	if (first !== 0xff || second < 0xe0) return undefined;
	const layer = (second >> 1) & 3;
	if (layer === LAYER_3) return isMp3(second, third) ? 'audio/mpeg' : undefined;
	const isAac = layer === 0 && second >= 0xf0 && ((third >> 2) & 15) < AAC_RATES;
	return isAac ? 'audio/aac' : undefined;
}

/** Whether version, bit rate and sample rate are some that there are. */
function isMp3(second: number, third: number): boolean {
	const bitRate = third >> 4;
	return ((second >> 3) & 3) !== 1 && bitRate > 0 && bitRate < 15 && ((third >> 2) & 3) < 3;
}
