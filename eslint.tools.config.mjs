// Lint for what is not published: the local fal, the scripts and the tests. What is published
// (nodes/, credentials/, package.json) is held to n8n's own rules in eslint.config.mjs, which
// must stay as n8n wrote it; those rules forbid Node's own modules and so can't hold here.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config({
	files: ['**/*.mts', '**/*.mjs'],
	extends: [js.configs.recommended, tseslint.configs.strict],
	languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
	rules: {
		'@typescript-eslint/no-non-null-assertion': 'off',
		eqeqeq: 'error',
		'no-undef': 'off',
	},
});
