// node test/package/scan.mjs source|published FOLDER (absolute)
//
// Runs n8n's scanner of community packages on a folder. n8n runs it on what npm and GitHub have of
// a published version, with these file patterns; it has no command for a folder, and no types.
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';

const PATTERNS = { source: SOURCE_FILE_PATTERNS, published: ['**/*.js', 'package.json'] };

const [what, folder] = process.argv.slice(2);
const { passed, message, details } = await analyzePackage(folder, PATTERNS[what]);
if (!passed) {
	console.log(details ?? message);
	process.exitCode = 1;
}
