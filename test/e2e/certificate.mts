import { generateKeyPairSync, sign } from 'node:crypto';

/** A key and its certificate, both as PEM. */
export interface Certified {
	key: string;
	cert: string;
}

/** A certificate for these host names, signed by itself: whoever trusts it, trusts the server. */
export function selfSigned(names: string[]): Certified {
	const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const body = certificateBody(names, publicKey.export({ type: 'spki', format: 'der' }));
	const signature = sign('sha256', body, privateKey);
	const cert = der(SEQUENCE, body, ECDSA_WITH_SHA256, der(BIT_STRING, Buffer.of(0), signature));
	const lines = cert.toString('base64').match(/.{1,64}/g) ?? [];
	return {
		key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
		cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
	};
}

/* X.509 (RFC 5280) in DER, as far as a certificate of a test needs it. */

const SEQUENCE = 0x30;
const SET = 0x31;
const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_ID = 0x06;
const UTF8_STRING = 0x0c;
const UTC_TIME = 0x17;
const DNS_NAME = 0x82;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;

function der(tag: number, ...contents: Uint8Array[]): Buffer {
	const content = Buffer.concat(contents);
	return Buffer.concat([Buffer.of(tag), lengthOf(content), content]);
}

/** DER wants the shortest form. */
function lengthOf({ length }: Buffer): Buffer {
	if (length < 0x80) return Buffer.of(length);
	return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}

const objectId = (hex: string) => der(OBJECT_ID, Buffer.from(hex, 'hex'));
const ECDSA_WITH_SHA256 = der(SEQUENCE, objectId('2a8648ce3d040302'));
const COMMON_NAME = objectId('550403');
const ALTERNATIVE_NAMES = objectId('551d11');
const BASIC_CONSTRAINTS = objectId('551d13');

const DAY_MS = 24 * 3600 * 1000;

function utcTime(date: Date): Buffer {
	const digits = date.toISOString().replace(/\D/g, '').slice(2, 14);
	return der(UTC_TIME, Buffer.from(`${digits}Z`));
}

function certificateBody(names: string[], publicKey: Buffer): Buffer {
	const name = der(
		SEQUENCE,
		der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, Buffer.from('fal of the tests')))),
	);
	const now = Date.now();
	const validity = der(SEQUENCE, utcTime(new Date(now - DAY_MS)), utcTime(new Date(now + DAY_MS)));
	const dnsNames = names.map((dnsName) => der(DNS_NAME, Buffer.from(dnsName)));
	const isAuthority = der(SEQUENCE, der(BOOLEAN, Buffer.of(0xff)));
	const extensions = der(
		SEQUENCE,
		der(SEQUENCE, ALTERNATIVE_NAMES, der(OCTET_STRING, der(SEQUENCE, ...dnsNames))),
		der(SEQUENCE, BASIC_CONSTRAINTS, der(BOOLEAN, Buffer.of(0xff)), der(OCTET_STRING, isAuthority)),
	);
	return der(
		SEQUENCE,
		der(VERSION, der(INTEGER, Buffer.of(2))),
		der(INTEGER, Buffer.of(1)),
		ECDSA_WITH_SHA256,
		name,
		validity,
		name,
		publicKey,
		der(EXTENSIONS, extensions),
	);
}
