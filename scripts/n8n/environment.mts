import { delimiter, dirname, join } from 'node:path';
import type { Installation } from './location.mts';

/** What n8n's environment is made of. */
export interface N8nSettings {
	installation: Installation;
	/** Everything that n8n writes goes here. */
	folder: string;
	port: number;
	brokerPort: number;
	encryptionKey: string;
}

/** n8n calls no other host than those that a workflow names. */
const NOTHING_PHONES_HOME = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
};

const NOTHING_IN_THE_WAY = {
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PYTHON_ENABLED: 'false',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
	N8N_SECURE_COOKIE: 'false',
};

/** Of this process's environment n8n gets what the machine needs, and no keys or settings. */
const TAKEN_OVER =
	/^(LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|SystemRoot|https?_proxy|HTTPS?_PROXY|NODE_EXTRA_CA_CERTS)$/;

const LOOPBACK = '127.0.0.1,localhost';

function fromThisProcess(): NodeJS.ProcessEnv {
	const taken = Object.entries(process.env).filter(([name]) => TAKEN_OVER.test(name));
	const noProxy = [process.env['NO_PROXY'] ?? process.env['no_proxy'], LOOPBACK];
	return { ...Object.fromEntries(taken), NO_PROXY: noProxy.filter(Boolean).join(',') };
}

/** The environment of an n8n of its own: on loopback, in its own folder, without calls to other hosts. */
export function n8nEnvironment(settings: N8nSettings): NodeJS.ProcessEnv {
	const { installation, folder, port, brokerPort, encryptionKey } = settings;
	const url = `http://127.0.0.1:${port}/`;
	return {
		...fromThisProcess(),
		...NOTHING_PHONES_HOME,
		...NOTHING_IN_THE_WAY,
		N8N_DISABLED_MODULES: installation.target.disabledModules.join(','),
		PATH: [dirname(installation.node), process.env['PATH']].join(delimiter),
		HOME: folder,
		NODE_ENV: 'production',
		N8N_USER_FOLDER: folder,
		N8N_ENCRYPTION_KEY: encryptionKey,
		N8N_RESTRICT_FILE_ACCESS_TO: join(folder, 'files'),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		[installation.target.webhookUrlVariable]: url,
		N8N_EDITOR_BASE_URL: url,
	};
}
