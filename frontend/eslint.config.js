import { readdirSync } from 'node:fs'
import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import importX from 'eslint-plugin-import-x'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import globals from 'globals'
import ts from 'typescript-eslint'
import svelteConfig from './svelte.config.js'

// One-way imports: components -> lib/text; lib/api -> wailsjs; lib/state -> lib/api; features -> lib/state, components.
const zones = [
  {
    target: './src/components',
    from: ['./src/lib/api', './src/lib/state', './src/features'],
    message: 'components know no data',
  },
  {
    target: './src/lib/text',
    from: ['./src/lib/api', './src/lib/state', './src/features', './src/components'],
    message: 'text helpers know nothing',
  },
  {
    target: './src/lib/api',
    from: ['./src/lib/state', './src/features', './src/components'],
    message: 'the port knows only wailsjs',
  },
  { target: './src/lib/state', from: ['./src/features', './src/components'], message: 'state draws nothing' },
  // no feature imports another one
  ...readdirSync('src/features').map((name) => ({
    target: `./src/features/${name}`,
    from: './src/features',
    except: [`./${name}`],
    message: 'features meet in App and in lib/state',
  })),
  {
    target: ['./src/components', './src/lib/state', './src/lib/text', './src/features'],
    from: './wailsjs',
    message: 'only lib/api touches wailsjs',
  },
]

export default ts.config(
  { ignores: ['dist', 'wailsjs', 'test-results', 'coverage'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    languageOptions: { globals: { ...globals.browser } },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'svelte/no-at-html-tags': 'error',
      // what comes from Go is replaced as a whole ($state.raw); caches are told apart by a version number
      'svelte/prefer-svelte-reactivity': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'text only' },
        { property: 'outerHTML', message: 'text only' },
        { property: 'insertAdjacentHTML', message: 'text only' },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'localStorage', message: 'the store is in Go' },
        { name: 'sessionStorage', message: 'the store is in Go' },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  { files: ['tests/**', '*.config.*'], languageOptions: { globals: { ...globals.node } } },
)
