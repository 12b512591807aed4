/** Work that ends early when its signal comes. */
export type Abortable<Result> = (signal: AbortSignal) => Promise<Result>;

/**
 * Runs two works side by side. When one fails the other is ended, and has ended, before the
 * failure is told: nothing goes on behind the back of whoever cleans up.
 */
export async function together<First, Second>(
	signal: AbortSignal,
	first: Abortable<First>,
	second: Abortable<Second>,
): Promise<[First, Second]> {
	const controller = new AbortController();
	const shared = AbortSignal.any([signal, controller.signal]);
	const works = [first(shared), second(shared)] as const;
	try {
		return await Promise.all(works);
	} catch (error) {
		controller.abort();
		await Promise.allSettled(works);
		throw error;
	}
}
