import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

// vite empties dist; the file is what lets //go:embed compile on a fresh clone.
const gitkeep = { name: 'gitkeep', closeBundle: () => writeFileSync('dist/.gitkeep', '') }

export default defineConfig({
  plugins: [svelte(), gitkeep],
  resolve: {
    alias: { $: fileURLToPath(new URL('./src', import.meta.url)) },
    ...(process.env.VITEST ? { conditions: ['browser'] } : {}),
  },
  build: { target: 'safari15', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  test: {
    environment: 'jsdom',
    isolate: false,
    pool: 'threads',
    restoreMocks: true,
    unstubGlobals: true,
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/test-setup.ts'],
    testTimeout: 60_000,
  },
})
