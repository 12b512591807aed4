/** A project for each kind of test; those in a real n8n (e2e) have their own command. */
const common = {
	testEnvironment: 'node',
	moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json', 'node'],
	transform: {
		'\\.(ts|mts|mjs)$': [
			'@swc/jest',
			{ jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
		],
	},
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
