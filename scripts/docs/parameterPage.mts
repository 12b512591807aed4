import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FalLtxApi } from '../../credentials/FalLtxApi.credentials.ts';
import { FalLtxVideo } from '../../nodes/FalLtxVideo/FalLtxVideo.node.ts';
import { FalLtxVideoTrigger } from '../../nodes/FalLtxVideoTrigger/FalLtxVideoTrigger.node.ts';
import { parameterTables } from './parameterTables.mts';

/** The page with the tables, which are below its marker; what stands above is written by hand. */
export const PARAMETER_PAGE = 'docs/parameters.md';

const MARKER = '<!-- Everything below is written by `npm run docs`. -->';

/** Prettier would make each row as wide as the longest one. */
const UNFORMATTED = ['<!-- prettier-ignore-start -->', '<!-- prettier-ignore-end -->'] as const;

/**
 * The page as it should be: its introduction as it is, with the tables of today.
 *
 * @throws when the page has no marker
 */
export function parameterPage(page: string): string {
	const [introduction, ...rest] = page.split(MARKER);
	if (rest.length === 0) throw new Error(`${PARAMETER_PAGE} must have the line ${MARKER}`);
	const tables = parameterTables({
		node: new FalLtxVideo().description,
		trigger: new FalLtxVideoTrigger().description,
		credential: new FalLtxApi(),
	});
	return [`${introduction}${MARKER}`, UNFORMATTED[0], tables, UNFORMATTED[1]].join('\n\n') + '\n';
}

/** The page as it is. */
export const readParameterPage = () =>
	readFileSync(fileURLToPath(new URL(`../../${PARAMETER_PAGE}`, import.meta.url)), 'utf8');
