import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack, unpack } from '../../scripts/n8n/tarball.mts';

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The package as it would be published now. */
export interface Packed {
	tarball: string;
	/** What is in it. */
	folder: string;
	remove(): Promise<void>;
}

/** Packs and unpacks what is in dist/; `npm test` has built it, `npx gulp build` does it alone. */
export async function packed(): Promise<Packed> {
	const parent = await mkdtemp(join(tmpdir(), 'n8n-nodes-fal-ltx-packed-'));
	const folder = join(parent, 'package');
	const tarball = await pack(ROOT, parent);
	await unpack(tarball, folder);
	return { tarball, folder, remove: async () => await rm(parent, { recursive: true }) };
}
