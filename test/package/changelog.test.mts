import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readChangelog, releaseOf } from '../../scripts/publishing/changelog.mts';
import { ROOT } from './packed.mts';

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- Not out yet.

## [1.1.0] - 2026-02-01

### Fixed

- A mistake.

## [1.0.0] - 2026-01-01
`;

describe('a tag may be published', () => {
	test('when version and changelog agree with it', () => {
		expect(releaseOf('v1.1.0', '1.1.0', CHANGELOG)).toEqual({
			version: '1.1.0',
			date: '2026-02-01',
			notes: '### Fixed\n\n- A mistake.',
		});
	});

	test.each([
		['v1.2.0', '1.1.0', 'The tag is v1.2.0, but the version in package.json is 1.1.0'],
		['1.1.0', '1.1.0', 'The tag is 1.1.0, but'],
		['v1.2.0', '1.2.0', 'CHANGELOG.md must say what is new in 1.2.0'],
		['v1.0.0', '1.0.0', 'CHANGELOG.md must say what is new in 1.0.0'],
		['vUnreleased', 'Unreleased', 'CHANGELOG.md must say what is new'],
	])('not as %s with version %s', (tag, version, reason) => {
		expect(() => releaseOf(tag, version, CHANGELOG)).toThrow(reason);
	});
});

test('the changelog of this package has kept to its format', async () => {
	const text = await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8');
	const [unreleased, ...releases] = readChangelog(text);
	expect(unreleased?.version).toBe('Unreleased');
	expect(releases.filter(({ date, notes }) => !date || !notes)).toEqual([]);
	const kinds = [...text.matchAll(/^### (.+)$/gm)].map(([, kind]) => kind);
	expect(kinds.length).toBeGreaterThan(0);
	expect(['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']).toEqual(
		expect.arrayContaining([...new Set(kinds)]),
	);
	expect(text.match(/^## /gm)).toHaveLength(releases.length + 1);
});
