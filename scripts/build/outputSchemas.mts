import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FalLtxVideo } from '../../nodes/FalLtxVideo/FalLtxVideo.node.ts';
import { resources } from '../../nodes/FalLtxVideo/operations/index.ts';
import { type ItemSchema, reportedSchema } from '../../nodes/FalLtxVideo/output/itemSchema.ts';
import { FalLtxVideoTrigger } from '../../nodes/FalLtxVideoTrigger/FalLtxVideoTrigger.node.ts';

/** A schema of items, and where n8n looks for it. */
export interface OutputSchema {
	/** Below `dist/`. */
	file: string;
	schema: ItemSchema;
}

/** n8n's name of a version: three numbers. */
const folderOf = (version: number) =>
	`v${[...String(version).split('.'), '0', '0'].slice(0, 3).join('.')}`;

const versionOf = ({ description }: FalLtxVideo | FalLtxVideoTrigger) =>
	folderOf([description.version].flat().at(-1)!);

/** The schemas of all operations and of the trigger. */
export function outputSchemas(): OutputSchema[] {
	const node = `nodes/FalLtxVideo/__schema__/${versionOf(new FalLtxVideo())}`;
	const trigger = `nodes/FalLtxVideoTrigger/__schema__/${versionOf(new FalLtxVideoTrigger())}`;
	return [
		...resources.flatMap(({ value: resource, operations }) =>
			operations.map(({ value, output }) => ({
				file: `${node}/${resource}/${value}.json`,
				schema: output,
			})),
		),
		{ file: `${trigger}.json`, schema: reportedSchema },
	];
}

/** Writes the schemas into a folder such as `dist`. */
export async function writeOutputSchemas(outdir: string): Promise<void> {
	for (const { file, schema } of outputSchemas()) {
		const path = join(outdir, file);
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, `${JSON.stringify(schema)}\n`);
	}
}
