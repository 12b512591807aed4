/** The head of a data URI, with its type and whether the rest is base64. */
export const DATA_URI = /^data:([^;,]*)(?:;[^;,]+)*?(;base64)?,/i;

/** Whether fal put the file itself where its address should be (`sync_mode`). */
export function isDataUri(url: string): boolean {
	return /^data:/i.test(url);
}

/** The type that a data URI says it has; undefined for any other address. */
export function typeInDataUri(url: string): string | undefined {
	return isDataUri(url) ? DATA_URI.exec(url)?.[1] : undefined;
}
