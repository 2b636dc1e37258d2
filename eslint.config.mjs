import tseslint from 'typescript-eslint';

const HTTP_EXCEPTIONS = [
  'HttpException',
  'NotFoundException',
  'BadRequestException',
  'ForbiddenException',
  'ConflictException',
];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', '.data/', '**/*.mjs', '**/*.cjs'] },
  ...tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': 'allow-with-description', 'ts-ignore': true },
      ],
      '@typescript-eslint/require-await': 'off', // a port's method is async whether or not this implementation waits
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@nestjs/common',
              importNames: ['forwardRef', ...HTTP_EXCEPTIONS],
              message: 'Break the cycle (forwardRef) or throw AppError with a catalogue code.',
            },
          ],
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Inject a group of AppConfig instead.' },
      ],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 4],
      complexity: ['error', 12],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.{service,controller,gateway,guard,pipeline,runner,module}.ts'],
    rules: { 'max-params': ['error', 6] },
  },
  { files: ['libs/http/src/**'], rules: { '@typescript-eslint/no-restricted-imports': 'off' } },
  {
    files: ['apps/*/src/main.ts', 'test/**', 'bench/**', '**/testing/**'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.{spec,int-spec,e2e-spec}.ts', '**/testing/**', 'test/**', 'bench/**'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': ['error', { max: 500 }],
      'max-params': 'off',
      'no-restricted-properties': 'off',
      'no-console': 'off',
      // Jest's matchers and parsed answers are `any` by their own types; the assertion is the check.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  // Scripts a browser gets as they are; what checks types knows nothing of them.
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
  // One table after another in plain SQL.
  { files: ['**/migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
);
