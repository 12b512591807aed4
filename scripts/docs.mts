// npm run docs: writes the tables of docs/parameters.md from the descriptions of the nodes.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PARAMETER_PAGE, parameterPage, readParameterPage } from './docs/parameterPage.mts';
import { runMain } from './processes/main.mts';

const FILE = fileURLToPath(new URL(`../${PARAMETER_PAGE}`, import.meta.url));

await runMain(async () => {
	const before = readParameterPage();
	const after = parameterPage(before);
	writeFileSync(FILE, after);
	console.log(`${PARAMETER_PAGE} ${after === before ? 'was up to date.' : 'is written.'}`);
	return await Promise.resolve(0);
});
