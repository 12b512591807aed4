/*
 * How much of anything is taken from outside, in one place. Rule: nothing that a server sends can make
 * n8n wait, grow or work without end. SECURITY.md shows this table; each row has a test that exceeds it.
 */

const KIB = 1024;
const MIB = 1024 * KIB;

export const LIMITS = {
	/** Bytes of a response of fal's APIs, unpacked. What may be larger is read in turns from here on. */
	answerBytes: 4 * MIB,
	/** The same of a result that may hold the file itself (Sync Mode), as text. */
	resultWithFileBytes: 512 * MIB,
	/** The same of one page of the list of requests, with their inputs and outputs. */
	pageBytes: 64 * MIB,
	/** Pages of one list, and bytes of all of them: who asks for all requests has them in memory. */
	pages: 1_000,
	listBytes: 256 * MIB,
	/** Characters of an address that is handed on: of a request, or of a file that was uploaded. */
	addressCharacters: 8_000,
	/** Characters of a cursor, which becomes part of an address. */
	cursorCharacters: 2_000,
	/** Bytes of one event of a status stream, and of all of them. */
	eventBytes: MIB,
	streamBytes: 64 * MIB,
	/** Characters of a status: those that are not documented are remembered as long as a request is waited for. */
	statusCharacters: 100,
	/** Lines of a model's log that are kept, and characters of each. */
	logLines: 1_000,
	logLineCharacters: 2_000,
	/** Levels of lists and objects within each other; n8n can't read back what is nested much deeper. */
	depth: 100,
	/** Values of a response in all: each takes many times its bytes, and all are checked at once. */
	values: 100_000,
	/** Milliseconds for a response to be read to its end, once it has begun. */
	readWithinMs: 60_000,
	/** Each second beyond these must have brought so many bytes: others may wait for the end. */
	slowestBytesPerSecond: 64 * KIB,
	/** The same time of a result that may hold the file itself. */
	readFileWithinMs: 30 * 60_000,
	/** Redirects of a file. */
	redirects: 5,
	/** Bytes of a file whose size fal does not report. */
	fileBytes: 32 * 1024 * MIB,
	/** Bytes of one part of a media file of the workflow: a table, a header. */
	mediaPartBytes: 8 * MIB,
	/** Parts of such a file that are looked at. */
	mediaParts: 300_000,
} as const;
