// node --import tsx scripts/build/main.mts
//
// Writes the bundles into dist/, with the licences of the libraries that are in them.
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mts';
import { bundledPackages } from './bundledPackages.mts';
import { writeNotices } from './notices.mts';

const NOTICES = fileURLToPath(new URL('../../dist/THIRD-PARTY-NOTICES.txt', import.meta.url));

await writeNotices(NOTICES, await bundledPackages(await bundle({ write: true })));
