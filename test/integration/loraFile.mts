import { createHash, randomBytes } from 'node:crypto';

/**
 * A .safetensors file: the length of its header, the header, one tensor of random bytes.
 * @param size of the whole file in bytes, at least 200
 */
export function safetensors(size = 1000): Buffer {
	const describe = (bytes: number) =>
		JSON.stringify({ 'lora.A': { dtype: 'U8', shape: [bytes], data_offsets: [0, bytes] } });
	// The header names the length of what follows it, so its own length must not depend on that.
	const header = describe(size - 160).padEnd(152);
	const length = Buffer.alloc(8);
	length.writeBigUInt64LE(BigInt(header.length));
	return Buffer.concat([length, Buffer.from(header), tensor(size - 160)]);
}

/** Random bytes all the way would take longer than the upload of a large file. */
function tensor(bytes: number): Buffer {
	const data = Buffer.alloc(bytes);
	for (let at = 0; at < bytes; at += 1024 * 1024) {
		const mark = randomBytes(Math.min(32, bytes - at));
		mark.copy(data, at);
	}
	return data;
}

export function sha256(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}
