import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** The script behind a command of a package, to be run by Node.js itself: no shell, no shim. */
export function packageBin(packageName: string, command = packageName): string {
	const folder = join(PACKAGES, packageName);
	const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
		bin: string | Record<string, string>;
	};
	const script = typeof bin === 'string' ? bin : bin[command];
	if (script === undefined) throw new Error(`${packageName} has no command ${command}.`);
	return join(folder, script);
}
