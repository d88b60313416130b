// Owns the real browser of the tests: Chromium of the machine, or else the one that an npm package brings along.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { unpackChromium } from './browser-unpack.ts'

// Nothing that calls home or differs from machine to machine; playwright-core adds its own of this kind.
const FLAGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
]

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * Starts a headless Chromium: `VALETKEY_TEST_CHROMIUM`, or an installed one, or the shipped one. It runs without the
 * sandbox, which root and most containers cannot have: let it visit pages of the tests only.
 */
export async function launchBrowser(): Promise<Browser> {
  const installed = process.env.VALETKEY_TEST_CHROMIUM || INSTALLED.find((path) => existsSync(path))
  const program = installed ? { executablePath: installed, env: {} } : await unpackChromium()
  return chromium.launch({
    executablePath: program.executablePath,
    env: { ...process.env, ...program.env },
    args: FLAGS,
    headless: true,
    chromiumSandbox: false,
  })
}
