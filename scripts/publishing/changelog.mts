/** A heading of a release, e.g. `## [1.2.0] - 2026-05-31`. */
const RELEASE = /^## \[(?<version>[^\]]+)\](?: - (?<date>\d{4}-\d{2}-\d{2}))?$/;

/** What a changelog says of one release. */
export interface Release {
	version: string;
	/** Missing for what is not released yet. */
	date: string | undefined;
	/** Its part of the changelog, without the heading. */
	notes: string;
}

/** Reads a changelog in the format of keepachangelog.com, newest release first. */
export function readChangelog(text: string): Release[] {
	const releases: Release[] = [];
	for (const line of text.split('\n')) {
		const heading = RELEASE.exec(line)?.groups;
		if (heading) releases.push({ version: heading['version']!, date: heading['date'], notes: '' });
		else if (releases.length > 0) releases.at(-1)!.notes += `${line}\n`;
	}
	return releases.map((release) => ({ ...release, notes: release.notes.trim() }));
}

/**
 * Checks that a tag, the version in package.json and the changelog speak of the same release.
 * Gives what the changelog says of it.
 *
 * @throws Error that says what does not fit
 */
export function releaseOf(tag: string, version: string, changelog: string): Release {
	if (tag !== `v${version}`) {
		throw new Error(`The tag is ${tag}, but the version in package.json is ${version}.`);
	}
	const release = readChangelog(changelog).find((candidate) => candidate.version === version);
	if (!release?.date || release.notes === '') {
		throw new Error(
			`CHANGELOG.md must say what is new in ${version}, under "## [${version}] - YYYY-MM-DD".`,
		);
	}
	return release;
}
