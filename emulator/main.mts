import { parseArgs } from 'node:util';

import { HOSTS, startEmulator, type Emulator, type Host } from './index.mts';

const HELP = `A local fal: queue, storage, platform and CDN on 127.0.0.1. It makes real videos and costs nothing.

npm run emulator -- [options]

  --queue-port N      (8701)  submit, status, result, cancel
  --rest-port N       (8702)  uploads and webhook keys
  --platform-port N   (8703)  prices and the list of requests
  --cdn-port N        (8704)  files
  --api-key KEY       (random) the key that it takes
  --queue-seconds N   (1)     least time a job waits
  --run-seconds N     (3)     least time a job runs
  --concurrency N     (2)     jobs that run at once
  --help
`;

const OPTIONS = {
	'queue-port': { type: 'string', default: '8701' },
	'rest-port': { type: 'string', default: '8702' },
	'platform-port': { type: 'string', default: '8703' },
	'cdn-port': { type: 'string', default: '8704' },
	'api-key': { type: 'string' },
	'queue-seconds': { type: 'string', default: '1' },
	'run-seconds': { type: 'string', default: '3' },
	concurrency: { type: 'string', default: '2' },
	help: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** A mistake of the person who typed; shown without a stack. */
class UsageError extends Error {}

function readOptions(): Values {
	try {
		return parseArgs({ options: OPTIONS }).values;
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

/** @throws UsageError unless it is a number of at least `least`. */
function readNumber(name: string, text: string, least: number): number {
	const value = Number(text);
	if (text.trim() === '' || !(value >= least))
		throw new UsageError(`--${name} needs a number of at least ${least}`);
	return value;
}

function readPorts(values: Values): Record<Host, number> {
	const port = (host: Host) => readNumber(`${host}-port`, values[`${host}-port`], 0);
	return { queue: port('queue'), rest: port('rest'), platform: port('platform'), cdn: port('cdn') };
}

async function start(values: Values): Promise<Emulator> {
	const ports = readPorts(values);
	try {
		return await startEmulator({
			ports,
			...(values['api-key'] !== undefined && { apiKey: values['api-key'] }),
			queueSeconds: readNumber('queue-seconds', values['queue-seconds'], 0),
			runSeconds: readNumber('run-seconds', values['run-seconds'], 0),
			concurrency: readNumber('concurrency', values.concurrency, 1),
			onResponse: ({ listener, method, path, status }) =>
				console.log(`${listener.padEnd(8)} ${status ?? '---'} ${method} ${path}`),
		});
	} catch (error) {
		const { code, port } = error as NodeJS.ErrnoException & { port?: number };
		const host = HOSTS.find((name) => ports[name] === port);
		if (code !== 'EADDRINUSE' || !host) throw error;
		throw new UsageError(`Port ${port} is taken: give another one with --${host}-port`);
	}
}

function greet({ hosts, apiKey }: Emulator): void {
	console.log(`The local fal is running. In the credential, turn on custom hosts:

  API key       ${apiKey}
  Queue URL     ${hosts.queue}
  REST URL      ${hosts.rest}
  Platform URL  ${hosts.platform}

Files come from ${hosts.cdn}, without a key. Ctrl-C ends it.
`);
}

function endWith(emulator: Emulator): void {
	const end = () => {
		emulator.close().catch((error: unknown) => {
			console.error(String(error));
			process.exitCode = 1;
		});
	};
	process.once('SIGINT', end);
	process.once('SIGTERM', end);
}

async function main(): Promise<void> {
	const values = readOptions();
	if (values.help) return void process.stdout.write(HELP);
	const emulator = await start(values);
	endWith(emulator);
	greet(emulator);
}

main().catch((error: unknown) => {
	console.error(error instanceof UsageError ? error.message : error);
	process.exitCode = 1;
});
