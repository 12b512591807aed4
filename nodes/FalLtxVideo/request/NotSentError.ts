/** Something that is wrong before anything was sent to fal, so that nothing is billed. */
export class NotSentError extends Error {
	override readonly name: string = 'NotSentError';

	readonly description: string;

	/** @param next what to do about it, where the message does not say so */
	constructor(message: string, next = '') {
		super(message);
		this.description = ['Nothing was sent to fal for it, so nothing is billed.', next]
			.filter(Boolean)
			.join(' ');
	}
}
