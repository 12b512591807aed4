/** What the scripts use that is published as ECMAScript modules only: jest runs CommonJS. */
const MODULES = [
	'@sec-ant/readable-stream',
	'@sindresorhus/merge-streams',
	'execa',
	'figures',
	'get-port',
	'get-stream',
	'human-signals',
	'is-plain-obj',
	'is-stream',
	'is-unicode-supported',
	'npm-run-path',
	'parse-ms',
	'path-key',
	'pretty-ms',
	'strip-final-newline',
	'unicorn-magic',
	'yoctocolors',
].join('|');

const swc = (syntax) => [
	'@swc/jest',
	{ jsc: { target: 'es2022', parser: { syntax } }, module: { type: 'commonjs' } },
];

/** A project for each kind of test; those in a real n8n (e2e) have their own command. */
const common = {
	testEnvironment: 'node',
	moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'node'],
	transform: {
		'\\.(ts|mts|mjs)$': swc('typescript'),
		[`/node_modules/(${MODULES})/.+\\.js$`]: swc('ecmascript'),
	},
	transformIgnorePatterns: [`/node_modules/(?!(.+/node_modules/)?(${MODULES})/)`],
	// It has an entry for `import` alone.
	moduleNameMapper: { '^unicorn-magic$': '<rootDir>/node_modules/unicorn-magic/node.js' },
};

const project = (name) => ({
	...common,
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.mts`],
});

module.exports = {
	// Real work on a busy machine; a test that cares how long something takes measures it itself.
	testTimeout: 60_000,
	projects: ['unit', 'emulator', 'integration', 'package', 'e2e', 'queue'].map(project),
};
