import { FAL_HOSTS, hostsOf, isFalApi, onHost } from '../../../nodes/FalLtxVideo/fal/hosts';

const custom = hostsOf({
	customHosts: true,
	queueUrl: ' http://127.0.0.1:8701/ ',
	restUrl: '',
	platformUrl: 'http://127.0.0.1:8703/v1',
});

test("fal's own hosts unless custom ones are switched on", () => {
	expect(hostsOf({ customHosts: false, queueUrl: 'http://evil.example' })).toBe(FAL_HOSTS);
	expect(custom).toEqual({
		queue: 'http://127.0.0.1:8701',
		rest: 'https://rest.fal.ai',
		platform: 'http://127.0.0.1:8703/v1',
	});
});

test.each([
	'gateway:8080',
	'gateway.example',
	'ftp://gateway.example',
	'https://user:pass@gateway.example',
	'https://gateway.example?key=1',
	'javascript:alert(1)',
	'https://[::1',
])('%s is no host', (queueUrl) => {
	expect(() => hostsOf({ customHosts: true, queueUrl })).toThrow(/^Queue URL in the credential/);
});

test.each([
	'http://gateway.example',
	'HTTP://Gateway.Example:8080/fal',
	'http://93.184.216.34',
	'http://[2606:4700::1111]',
	'http://0x5db8d822',
])('%s is public, and needs https', (restUrl) => {
	expect(() => hostsOf({ customHosts: true, restUrl })).toThrow(
		'REST URL in the credential must start with https://',
	);
	expect(hostsOf({ customHosts: true, restUrl: restUrl.replace(/^http/i, 'https') })).toBeDefined();
});

test.each([
	'http://127.0.0.1:8701',
	'http://[::1]:8701',
	'http://localhost:8701',
	'http://10.0.0.7',
	'http://gateway:8080',
	'http://gateway.internal',
	'https://gateway.example',
])('%s is a host', (restUrl) => {
	expect(hostsOf({ customHosts: true, restUrl }).rest).toBe(restUrl);
});

test("the client's addresses move to the hosts in use", () => {
	expect(onHost(custom, 'https://queue.fal.run/a/b?logs=1')).toBe(
		'http://127.0.0.1:8701/a/b?logs=1',
	);
	expect(onHost(custom, 'https://queue.fal.run.evil.example/a')).toBe(
		'https://queue.fal.run.evil.example/a',
	);
});

test.each([
	['https://queue.fal.run/fal-ai/x', true],
	['https://rest.fal.ai/storage', true],
	['https://v3b.fal.media/files/a.mp4', false],
	['https://queue.fal.run.evil.example/', false],
	['http://queue.fal.run/', false],
	['https://queue.fal.run:444/', false],
])('the key may go to %s: %s', (url, may) => {
	expect(isFalApi(FAL_HOSTS, url)).toBe(may);
});
