// node --import tsx scripts/build/main.mts
//
// Writes the bundles into dist/, with the licences of the libraries that are in them, and what the
// editor shows of their output.
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mts';
import { bundledPackages } from './bundledPackages.mts';
import { writeNotices } from './notices.mts';
import { writeOutputSchemas } from './outputSchemas.mts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

await writeNotices(
	`${DIST}/THIRD-PARTY-NOTICES.txt`,
	await bundledPackages(await bundle({ write: true })),
);
await writeOutputSchemas(DIST);
