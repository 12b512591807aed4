/*
 * What a network error shows: the reason, and whether the request had been sent. Rule: a request
 * counts as not sent only when the phase that failed comes before sending, else fal may have taken it.
 */

/** An error as the network, or n8n around it, throws it. */
interface ErrorLink {
	name?: string;
	message?: string;
	code?: unknown;
	/** The system call that failed. */
	syscall?: unknown;
	/** n8n's older versions put words of their own in place of the network's, and keep those here. */
	messages?: string[];
	cause?: ErrorLink;
	/** The failures of each address of a host. */
	errors?: ErrorLink[];
}

/** What went wrong: a code such as `ECONNRESET`, or a sentence. n8n wraps the network's error. */
export function reasonOf(error: unknown): string {
	const innermost = linksOf(error).at(-1)!;
	if (typeof innermost.code === 'string') return innermost.code;
	const replaced = innermost.messages?.map((text) => CODE.exec(text)?.[0]).find(Boolean);
	return replaced ?? innermost.message ?? String(error);
}

const CODE =
	/\b(?:E[A-Z]{2}[A-Z_]*|ERR_[A-Z0-9_]+|(?:CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)_[A-Z_]+)\b/;

/** Whether nothing was sent: there was no connection, no trust in it, or n8n did not allow it. */
export function failedBeforeSending(error: unknown): boolean {
	const links = linksOf(error);
	if (links.some(isBrokenLater)) return false;
	return links.some(isBeforeSending) || isCodeBeforeSending(reasonOf(error));
}

function isBeforeSending(link: ErrorLink): boolean {
	const { name = '', message = '', code, syscall, errors } = link;
	if (errors && errors.length > 0) return errors.every(isBeforeSending);
	return (
		(typeof code === 'string' && isCodeBeforeSending(code)) ||
		(typeof syscall === 'string' && /^(connect|getaddrinfo)$/.test(syscall)) ||
		/^Ssrf\w*Error$/.test(name) ||
		/^The request was blocked because/.test(message) ||
		/before secure TLS connection was established/.test(message)
	);
}

/** No address, no route, no listener; a TLS handshake that failed, whatever the reason. */
const BEFORE_SENDING =
	/^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL|EPROTO|ERR_INVALID_URL|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|HOSTNAME_MISMATCH)$/;

/** TLS errors of a connection that was good before, or may have been: something may have been sent over it. */
const AFTER_HANDSHAKE =
	/UNEXPECTED_EOF|CLOSE_NOTIFY|BAD_RECORD_MAC|DECRYPT|CERTIFICATE_REQUIRED|INTERNAL_ERROR|KEY_UPDATE|RENEGOTIAT|UNEXPECTED_MESSAGE/;

/** Codes of a route that is lost, which an open connection meets as well as one that is being made. */
const ROUTE_LOST = /^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)$/;

/** Node begins the message with the system call; older versions of n8n leave nothing else of the error. */
const ROUTE_LOST_LATER = /\b(read|write) (EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN)\b/;

/** Whether the error is one of an open connection, although its code is also one of making it. */
function isBrokenLater({ code, syscall, message = '', messages = [] }: ErrorLink): boolean {
	if ([message, ...messages].some((text) => ROUTE_LOST_LATER.test(text))) return true;
	if (ROUTE_LOST.test(String(code))) return syscall === 'read' || syscall === 'write';
	// A failed write has one code for every TLS error; OpenSSL's text in the message says which.
	return code === 'EPROTO' && AFTER_HANDSHAKE.test(message.toUpperCase().replaceAll(' ', '_'));
}

function isCodeBeforeSending(code: string): boolean {
	return BEFORE_SENDING.test(code) && !AFTER_HANDSHAKE.test(code);
}

/** The error and its causes, the innermost last. */
function linksOf(error: unknown): ErrorLink[] {
	const links: ErrorLink[] = [];
	for (let link = error as ErrorLink | undefined; link; link = link.cause) {
		if (typeof link !== 'object' || links.includes(link)) break;
		links.push(link);
	}
	return links.length > 0 ? links : [{ message: String(error) }];
}
