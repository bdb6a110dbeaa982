import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

// Debian's own, without the parts that draw a window of its own, or the whole one; nothing is downloaded.
const browsers = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium']

// Flows run over build/bin/browserhost, which is the real Go core.
export default defineConfig({
  testDir: 'tests',
  globalSetup: './tests/setup.ts',
  outputDir: 'test-results',
  reporter: 'list',
  workers: 2,
  retries: 0,
  fullyParallel: true,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-US',
    actionTimeout: 20_000,
    screenshot: 'only-on-failure',
    trace: 'off',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? browsers.find(existsSync) ?? browsers[0]!,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
