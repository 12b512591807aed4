// node --import tsx test/package/parseWorkflow.mts FILE
//
// Reads a workflow as GitHub does: its YAML, its keys and values, its expressions and the workflows
// that it calls. Prints what GitHub would refuse, else the jobs as JSON.
import { readFile } from 'node:fs/promises';
import {
	convertWorkflowTemplate,
	NoOperationTraceWriter,
	parseWorkflow,
} from '@actions/workflow-parser';

const ROOT = new URL('../../', import.meta.url);

const read = async (path: string) => ({
	name: path,
	content: await readFile(new URL(path, ROOT), 'utf8'),
});

/** Only files of this repository; nothing is fetched. */
const files = {
	async getFileContent(reference: object) {
		if ('repository' in reference) throw new Error('A workflow of another repository is called.');
		return await read((reference as { path: string }).path);
	},
};

const { context, value } = parseWorkflow(
	await read(process.argv[2] ?? ''),
	new NoOperationTraceWriter(),
);
const workflow =
	value &&
	(await convertWorkflowTemplate(context, value, files, { fetchReusableWorkflowDepth: 1 }));
const errors = context.errors.getErrors();
if (errors.length > 0 || !workflow) {
	for (const error of errors) console.log(error.message);
	process.exitCode = 1;
}
