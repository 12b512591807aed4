import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ActiveScript } from './script.mts';

/** A file that the CDN serves. */
export interface StoredFile {
	/** Path on the CDN's host. */
	readonly path: string;
	/** Place on the disk. */
	readonly location: string;
	readonly name: string;
	readonly contentType: string;
	readonly modified: Date;
	/** Quoted, as the header wants it. */
	etag: string;
	/** In bytes. */
	size: number;
	/** Faults of its downloads. */
	readonly script?: ActiveScript;
}

const etag = () => `"${randomBytes(8).toString('hex')}"`;

/** The CDN's files, in a temporary folder of their own. */
export class FileStore {
	readonly #files = new Map<string, StoredFile>();

	private constructor(readonly folder: string) {}

	static async create(): Promise<FileStore> {
		return new FileStore(await mkdtemp(join(tmpdir(), 'fal-emulator-')));
	}

	/** A name such as fal gives to what a model made. */
	newName(extension: string): string {
		return `${randomBytes(16).toString('base64url')}.${extension}`;
	}

	/** A free place on the disk. */
	newLocation(): string {
		return join(this.folder, randomBytes(16).toString('hex'));
	}

	/** A path for a file of that name. */
	newPath(name: string): string {
		return `/files/b/${randomBytes(4).toString('hex')}/${encodeURIComponent(name)}`;
	}

	/** Makes a file that lies at `location` known to the CDN. */
	async add(file: Omit<StoredFile, 'etag' | 'size' | 'modified'>): Promise<StoredFile> {
		const { size } = await stat(file.location);
		const stored = { ...file, size, etag: etag(), modified: new Date() };
		this.#files.set(file.path, stored);
		return stored;
	}

	find(path: string): StoredFile | undefined {
		return this.#files.get(path);
	}

	/** Gives a file other bytes of the same length, and another ETag. */
	async change(file: StoredFile): Promise<void> {
		const handle = await open(file.location, 'r+');
		try {
			const last = Buffer.alloc(1);
			await handle.read(last, 0, 1, file.size - 1);
			last[0] = 255 - last[0]!;
			await handle.write(last, 0, 1, file.size - 1);
		} finally {
			await handle.close();
		}
		file.etag = etag();
	}

	async remove(): Promise<void> {
		await rm(this.folder, { recursive: true, force: true });
	}
}
