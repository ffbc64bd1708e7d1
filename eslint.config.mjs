import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * The rooms of the house, lowest first. A room may import from the rooms before it and never from those after it
 * (design: nodes → node-red → home-assistant → monitor → active-backup → dsm).
 */
const rooms = ['lib/dsm', 'lib/active-backup', 'lib/monitor', 'lib/home-assistant', 'lib/node-red', 'nodes'];

/** What a room may not import, as patterns on the import's text. */
function forbiddenImports(room) {
  const above = rooms.slice(rooms.indexOf(room) + 1).map((name) => name.replace('lib/', ''));
  return [
    { group: above.map((name) => `**/${name}/**`), message: `${room} may not know the rooms above it.` },
    { group: ['**/test/**', '**/scripts/**'], message: 'What is shipped does not import tests or scripts.' },
  ].filter((rule) => rule.group.length > 0);
}

const roomRules = rooms.map((room) => ({
  files: [`${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...forbiddenImports(room),
          ...(room === 'nodes' || room === 'lib/node-red'
            ? []
            : [
                {
                  group: ['node-red', 'node-red/**', '@node-red/**'],
                  message: 'Only nodes and lib/node-red know Node-RED.',
                },
              ]),
          ...(room === 'lib/home-assistant' || room === 'lib/node-red' || room === 'nodes'
            ? []
            : [{ group: ['**/mqtt/**', 'mqtt'], message: 'MQTT starts at lib/home-assistant.' }]),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/', 'resources/', 'node_modules/', '.demo/', '.cache/'] },
  js.configs.recommended,
  { files: ['**/*.mjs'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-invalid-void-type': ['error', { allowAsThisParameter: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  ...roomRules,
  {
    // The broker connection imports nothing of ours (design: lib/mqtt).
    files: ['lib/mqtt/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['../*', 'node-red', '@node-red/**'], message: 'lib/mqtt imports nothing of ours.' }] },
      ],
    },
  },
  {
    // The simulator must be able to catch lib being wrong, so it shares nothing with it (design: the simulator).
    files: ['test/simulator/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/lib/**', '**/nodes/**'], message: 'The simulator knows nothing of lib.' }] },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'scripts/**', 'bench/**'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
);
