// What the tests of the examples share: the example started as its reader starts it, and a person with a real browser.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../../packages/server/test/support/browser.ts'

export const widths = [375, 1280] as const

const screenshots = join(import.meta.dirname, '../../test-results/screenshots')

export interface Driven {
  /** The first port; the others follow it. */
  readonly port: number
  readonly dataDirectory: string
  /** Everything that was printed until the example was ready. */
  readonly printed: string
  /** Ends the example as Ctrl+C does. */
  stop(): Promise<void>
}

/** Runs `start.ts` of an example on free ports, with data in a folder of its own. Resolves when it printed `ready`. */
export async function startExample(folder: string, ready: string): Promise<Driven> {
  const port = await freePorts()
  const dataDirectory = mkdtempSync(join(tmpdir(), 'valetkey-example-'))
  const child = spawn(process.execPath, [join(folder, 'start.ts')], {
    env: {
      // Nothing of the test's own settings.
      PATH: process.env.PATH,
      VALETKEY_LISTEN_PORT: String(port),
      VALETKEY_DATA_DIRECTORY: dataDirectory,
      VALETKEY_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const printed = await untilPrinted(child, ready)
  return {
    port,
    dataDirectory,
    printed,
    async stop() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = await exited
      rmSync(dataDirectory, { recursive: true, force: true })
      assert.equal(code, 0, 'SIGTERM ends the example gracefully')
    },
  }
}

/** An example and a browser, there while the tests of a file run. */
export interface Stage {
  /** An address of the example; `offset` from its first port. */
  url(offset: number, path?: string): string
  /** A page of a person who was never here before. */
  newPage(width?: number): Promise<Page>
}

export function stage(folder: string): Stage {
  let example: Driven | undefined
  let browser: Browser | undefined
  before(async () => {
    example = await startExample(folder, 'Stop with')
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await example?.stop()
  })
  return {
    url: (offset, path = '/') => `http://localhost:${(example?.port ?? 0) + offset}${path}`,
    async newPage(width = 1280) {
      if (browser === undefined) throw new Error('the browser starts before the tests')
      const context = await browser.newContext({ viewport: { width, height: 800 } })
      return context.newPage()
    },
  }
}

export async function logIn(page: Page, email: string, password: string): Promise<void> {
  await page.locator('input[name=username]').fill(email)
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[value=login]').click()
}

/** Keeps a picture of the page, which must not be wider than its screen. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  const width = page.viewportSize()?.width
  await page.screenshot({ path: join(screenshots, `${name}-${width}.png`), fullPage: true })
  const isWider = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  )
  assert.ok(!isWider, `${name} is wider than ${width} px`)
}

async function untilPrinted(child: ChildProcess, text: string): Promise<string> {
  let printed = ''
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    printed += chunk
    if (!printed.includes(text)) continue
    child.stdout?.resume()
    return printed
  }
  throw new Error(`the example ended before it was ready: ${printed}`)
}

async function freePorts(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 20_000)
    const free = await Promise.all([0, 1, 2, 3].map((offset) => isFree(first + offset)))
    if (free.every(Boolean)) return first
  }
  throw new Error('no four free ports in a row')
}

function isFree(candidate: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(candidate, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Nobody frames the page, sends its forms elsewhere or moves its addresses: `default-src` covers none of these (RFC 9700 §4.16). */
export async function assertUnframeable(url: string): Promise<void> {
  const policy = (await fetch(url)).headers.get('content-security-policy') ?? ''
  assert.match(policy, /; form-action 'self'/)
  assert.match(policy, /; frame-ancestors 'none'/)
  assert.match(policy, /; base-uri 'none'/)
}
