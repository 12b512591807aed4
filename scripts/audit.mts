// npm run audit: asks the registry for known vulnerabilities of the packages that are published:
// those whose code is in the bundles, as there are no others. Any of them is a failure.
import { runMain } from './processes/main.mts';
import { npm } from './processes/npm.mts';
import { inBundledProject } from './publishing/bundledProject.mts';

const AUDIT = ['audit', '--audit=true', '--package-lock-only', '--audit-level=low'];

await runMain(async (signal) => {
	console.log((await inBundledProject(async (cwd) => await npm(AUDIT, { cwd, signal }))).trim());
	return 0;
});
