import { parseArgs } from 'node:util';
import Big from 'big.js';
import type { Variants } from '../../emulator/variants.mts';
import { readVariant } from './target.mts';

export const HELP = `Asks fal.ai what its documentation leaves open, and writes docs/live.md.

FAL_KEY=… npm run live -- [options]

  --yes              don't ask before it costs money
  --limit USD        the most that all of it may cost (0.02)
  --lora LINK        a LoRA for LTX-2.3 that fal can use, as the node's field takes it
  --webhook URL      a public address that leads to the port below, as of a tunnel
  --webhook-port N   the port of this machine (8705)
  --only ID,ID       only these questions
  --local            ask the local fal instead: no key, no cost, docs/live.md is left alone
  --variant NAME=X   with --local: what it does where fal's documentation is open
  --page             ask nothing: write docs/live.md again from what is kept
  --help
`;

const OPTIONS = {
	yes: { type: 'boolean', default: false },
	limit: { type: 'string', default: '0.02' },
	lora: { type: 'string' },
	webhook: { type: 'string' },
	'webhook-port': { type: 'string', default: '8705' },
	only: { type: 'string' },
	local: { type: 'boolean', default: false },
	variant: { type: 'string', multiple: true },
	page: { type: 'boolean', default: false },
	help: { type: 'boolean', default: false },
} as const;

/** What a person asked for. */
export interface LiveOptions {
	yes: boolean;
	limit: Big;
	lora: string | undefined;
	/** Where fal can call, and which port of this machine that leads to. */
	webhookUrl: string | undefined;
	webhookPort: number;
	/** IDs of questions; all unless given. */
	only: string[] | undefined;
	isLocal: boolean;
	variants: Partial<Variants>;
	page: boolean;
	help: boolean;
	/** The key of fal.ai. */
	apiKey: string | undefined;
}

function readLimit(text: string): Big {
	if (/^\d+(\.\d+)?$/.test(text)) return new Big(text);
	throw new Error(`--limit needs an amount in US dollars, such as 0.02`);
}

function readPort(text: string): number {
	const port = Number(text);
	if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
	throw new Error('--webhook-port needs a port, such as 8705');
}

/** Reads the command line and the environment. @throws Error that says what is wrong with them */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): LiveOptions {
	const { values } = parseArgs({ args, options: OPTIONS });
	const variants = (values.variant ?? []).map(readVariant);
	if (variants.length > 0 && !values.local)
		throw new Error('--variant is for the local fal: add --local.');
	return {
		yes: values.yes,
		limit: readLimit(values.limit),
		lora: values.lora?.trim() || undefined,
		webhookUrl: values.webhook?.trim() || undefined,
		webhookPort: readPort(values['webhook-port']),
		only: values.only?.split(',').map((id) => id.trim()),
		isLocal: values.local,
		variants: Object.assign({}, ...variants) as Partial<Variants>,
		page: values.page,
		help: values.help,
		apiKey: env['FAL_KEY']?.trim() || undefined,
	};
}
