import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { bundle } from '../../scripts/build/bundle.mts';
import { bundledPackages } from '../../scripts/build/bundledPackages.mts';
import { CommandFailed, runCommand } from '../../scripts/processes/command.mts';
import { ROOT } from './packed.mts';
import { openRegistry, type Registry } from './registry.mts';

const BULK = '/-/npm/v1/security/advisories/bulk';

const ADVISORY = {
	id: 1,
	url: 'https://github.com/advisories/GHSA-test',
	title: 'A mistake in zod',
	severity: 'low',
	vulnerable_versions: '>=0.0.0',
	cwe: [],
	cvss: { score: 0, vectorString: null },
};

let registry: Registry;
/** What the registry knows against packages. */
let advisories: object;
/** What it was asked for. */
let asked: unknown;

beforeAll(async () => {
	registry = await openRegistry(async (request, response) => {
		if (request.method !== 'POST' || request.url !== BULK) return false;
		const body = await buffer(request);
		const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
		asked = JSON.parse(text.toString());
		response.setHeader('Content-Type', 'application/json');
		response.end(JSON.stringify(advisories));
		return true;
	});
});

afterAll(() => registry.close());

/** What the audit writes, and whether it found nothing. */
async function audit(found: object): Promise<{ clean: boolean; output: string }> {
	advisories = found;
	asked = undefined;
	const env = { ...process.env, npm_config_registry: registry.address };
	const program = ['--import', 'tsx', 'scripts/audit.mts'];
	try {
		return { clean: true, output: await runCommand(process.execPath, program, { cwd: ROOT, env }) };
	} catch (error) {
		if (error instanceof CommandFailed) return { clean: false, output: error.output };
		throw error;
	}
}

describe('the audit', () => {
	test('asks for the bundled packages, at their versions, and for nothing else', async () => {
		expect(await audit({})).toEqual({
			clean: true,
			output: expect.stringContaining('found 0 vulnerabilities'),
		});
		const packages = await bundledPackages(await bundle({ write: false }));
		expect(asked).toEqual(
			Object.fromEntries(packages.map(({ name, version }) => [name, [version]])),
		);
	});

	test('fails for the least of what is known against one of them, and says what', async () => {
		const { clean, output } = await audit({ zod: [ADVISORY] });
		expect(clean).toBe(false);
		expect(output).toContain(ADVISORY.title);
	});
});
