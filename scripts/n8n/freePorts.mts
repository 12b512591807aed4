import getPort from 'get-port';

/** Free ports of 127.0.0.1; for some seconds this process gets each only once. */
export async function freePorts(count: number): Promise<number[]> {
	return await Promise.all(
		Array.from({ length: count }, async () => await getPort({ host: '127.0.0.1' })),
	);
}
