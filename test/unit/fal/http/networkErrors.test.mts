import {
	failedBeforeSending,
	reasonOf,
} from '../../../../nodes/FalLtxVideo/fal/http/networkErrors';

const wrapped = (fields: object) => ({ name: 'NodeApiError', message: 'x', cause: { ...fields } });

test.each([
	{ code: 'ECONNREFUSED', syscall: 'connect' },
	{ code: 'ENOTFOUND', syscall: 'getaddrinfo' },
	{ code: 'EAI_AGAIN' },
	{ code: 'ETIMEDOUT', syscall: 'connect' },
	{ code: 'EHOSTUNREACH', syscall: 'connect' },
	{ code: 'ENETUNREACH' },
	{ code: 'ETIMEDOUT', errors: [{ code: 'ETIMEDOUT', syscall: 'connect' }] },
	{ code: 'CERT_HAS_EXPIRED' },
	{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
	{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
	{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
	{ code: 'ERR_SSL_WRONG_VERSION_NUMBER' },
	{ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' },
	{ code: 'EPROTO', syscall: 'write' },
	{
		code: 'ECONNRESET',
		message: 'Client network socket disconnected before secure TLS connection was established',
	},
	{ name: 'SsrfBlockedIpError', message: 'The request was blocked because …' },
])('nothing was sent: %j', (fields) => {
	expect(failedBeforeSending(fields)).toBe(true);
	expect(failedBeforeSending(wrapped(fields))).toBe(true);
});

test.each([
	{ code: 'ECONNRESET', syscall: 'read' },
	{ code: 'ECONNRESET', message: 'socket hang up' },
	{ code: 'EPIPE', syscall: 'write' },
	{ code: 'ETIMEDOUT', syscall: 'read' },
	{ code: 'EHOSTUNREACH', syscall: 'read' },
	{ code: 'ENETUNREACH', syscall: 'write' },
	{
		message: 'The host is unreachable, perhaps the server is offline',
		messages: ['read EHOSTUNREACH'],
	},
	{ code: 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING' },
	{ code: 'ERR_SSL_APPLICATION_DATA_AFTER_CLOSE_NOTIFY' },
	{
		...{ code: 'EPROTO', syscall: 'write' },
		message: 'write EPROTO 00:error:0A000126:SSL routines:ssl3_read_n:unexpected eof while reading',
	},
	{ code: 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC' },
	{ code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' },
	{ code: 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR' },
	{
		...{ code: 'EPROTO', syscall: 'write' },
		message:
			'write EPROTO 00:error:0A0003FC:SSL routines:ssl3_read_bytes:sslv3 alert bad record mac',
	},
	{ message: 'anything else' },
])('something may have been sent: %j', (fields) => {
	expect(failedBeforeSending(fields)).toBe(false);
	expect(failedBeforeSending(wrapped(fields))).toBe(false);
});

test('what is no error has a reason as well, and a chain that is a circle an end', () => {
	expect(reasonOf('broken')).toBe('broken');
	expect(reasonOf(undefined)).toBe('undefined');
	const circle: { message: string; cause?: object } = { message: 'round' };
	circle.cause = circle;
	expect(reasonOf(circle)).toBe('round');
	expect(failedBeforeSending(null)).toBe(false);
});
