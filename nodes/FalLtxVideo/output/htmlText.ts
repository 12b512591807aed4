/*
 * n8n's editor shows hints, the description of an error and its toasts as HTML. It takes scripts out and
 * leaves links, forms' inputs and images, which would be fetched from anywhere. Rule: what comes from
 * fal, a server or an input is text, so none of its characters begins a tag or an entity.
 */

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * A text for a place that is shown as HTML. It stands between tags, never inside one, so quotes stay as
 * they are: the same text is read in logs and by error workflows, too.
 */
export function asHtml(text: string): string {
	return text.replace(/[&<>]/g, (character) => ENTITIES[character]!);
}

/**
 * A text for a place that is shown as text here and as HTML there, such as the message of an error: what
 * would begin a tag has a bracket that looks like it.
 */
export function withoutTags(text: string): string {
	return text.replace(/<(?=[a-z/!?])/gi, '‹');
}
