import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const SOURCES = ['domain', 'connectors', 'platform', 'subgraphs', 'gateway', 'sandbox', 'scripts'].map((folder) => `${folder}/**/*.{ts,tsx}`);

const FORBIDDEN_FILE_NAMES = /(?:^|\/)(?:utils?|helpers?|common|manager|base)\.tsx?$/;

/** Files are kebab-case nouns and never a drawer for odds and ends. */
const fileNames = {
  meta: { type: 'suggestion', schema: [] },
  create: (context) => ({
    Program: (node) => {
      const name = context.filename.replaceAll('\\', '/');
      if (FORBIDDEN_FILE_NAMES.test(name)) context.report({ node, message: 'Name the file after what it holds; utils, helpers, common, manager and base say nothing.' });
      if (/[A-Z_]/.test(name.split('/').at(-1))) context.report({ node, message: 'Files are named in kebab-case.' });
    },
  }),
};

export default tseslint.config(
  { ignores: ['dist/**', '.data/**', 'coverage/**', 'node_modules/**', '**/*.js', '**/*.cjs', '**/*.mjs'] },
  eslint.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { house: { rules: { 'file-names': fileNames } } },
    rules: {
      'house/file-names': 'error',
      'no-undef': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: SOURCES,
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Only platform/clock.ts asks for the time; take a Clock.' },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Only platform/clock.ts asks for the time; take a Clock.' },
        { selector: "MemberExpression[object.name='process'][property.name='env']", message: 'Only platform/config.ts reads the environment.' },
      ],
    },
  },
  { files: ['platform/clock.ts', 'platform/config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  // A test reads answers as it knows them to be, and fails where they are not.
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
  // Commands talk to people on standard output.
  { files: ['scripts/**/*.ts', 'sandbox/cli.ts', 'sandbox/load.ts', 'sandbox/main.ts', 'test/bench/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: ['vitest.config.ts'], rules: { 'no-restricted-exports': 'off' } },
);
