import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../../packages/server/test/support/browser.ts'

const widths = [375, 1280] as const
const screenshots = join(import.meta.dirname, '../../test-results/screenshots')
const directory = mkdtempSync(join(tmpdir(), 'valetkey-demo-'))
let demo: ChildProcess
let browser: Browser
let port: number

before(async () => {
  mkdirSync(screenshots, { recursive: true })
  port = await threeFreePorts()
  demo = spawn(process.execPath, [join(import.meta.dirname, 'start.ts')], {
    env: {
      PATH: process.env.PATH,
      VALETKEY_LISTEN_PORT: String(port),
      VALETKEY_DATA_DIRECTORY: directory,
      VALETKEY_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await untilPrinted(demo, 'Valetkey is running')
  browser = await launchBrowser()
})

after(async () => {
  await browser?.close()
  const exited = once(demo, 'exit')
  demo.kill('SIGTERM')
  const [code] = await exited
  rmSync(directory, { recursive: true, force: true })
  assert.equal(code, 0, 'SIGTERM ends the demo gracefully')
})

for (const width of widths) {
  test(`the demo is clicked through from login to the API at ${width} px`, async () => {
    const context = await browser.newContext({ viewport: { width, height: 800 } })
    const page = await context.newPage()
    await page.goto(`http://localhost:${port + 1}/`)
    await shoot(page, 'demo-home', width)
    // The read scope alone, so that adding a contact is refused.
    await page.locator('input[value="create:contacts"]').uncheck()
    await page.locator('input[value="delete:contacts"]').uncheck()
    await askAgain(page)
    await page.locator('#login').click()
    await page.getByRole('heading', { name: /Log in/ }).waitFor()
    await shoot(page, 'login', width)
    await page.locator('input[name=username]').fill('ada@example.com')
    await page.locator('input[name=password]').fill('wrong password')
    await page.locator('button[value=login]').click()
    await page.getByRole('alert').waitFor()
    await shoot(page, 'login-wrong-password', width)
    await page.locator('input[name=password]').fill('Analytical-Engine-1843')
    await page.locator('button[value=login]').click()
    await page.locator('button[value=accept]').waitFor()
    await shoot(page, 'consent', width)
    await page.getByText('Read your contacts').waitFor()
    await page.locator('button[value=accept]').click()

    await page.locator('#call-read').waitFor()
    await shoot(page, 'demo-tokens', width)
    await page.locator('#call-read').click()
    await page.locator('#result', { hasText: /200/ }).waitFor()
    await page.locator('#call-create').click()
    await page.locator('#result', { hasText: /403[\s\S]*insufficient_scope/ }).waitFor()
    await shoot(page, 'demo-insufficient-scope', width)
    await page.locator('#userinfo').click()
    await page.locator('#result', { hasText: /Ada Lovelace/ }).waitFor()
    await page.locator('#refresh').click()
    await page.locator('#result', { hasText: /refresh_token/ }).waitFor()
    assert.ok(!(await sidewaysScroll(page)), 'nothing is wider than the screen')
    await context.close()
  })

  test(`declining and a broken request end on pages that say what to do at ${width} px`, async () => {
    const context = await browser.newContext({ viewport: { width, height: 800 } })
    const page = await context.newPage()
    await page.goto(`http://localhost:${port + 1}/`)
    await askAgain(page)
    await page.locator('#login').click()
    await page.locator('input[name=username]').fill('ada@example.com')
    await page.locator('input[name=password]').fill('Analytical-Engine-1843')
    await page.locator('button[value=login]').click()
    await page.locator('button[value=deny]').click()
    await page.getByText('access_denied').first().waitFor()
    await shoot(page, 'demo-declined', width)
    await page.goto(
      `http://localhost:${port}/authorize?client_id=contacts-demo&redirect_uri=https://evil.example/`,
    )
    await page.getByText('could not be accepted').first().waitFor()
    await shoot(page, 'error', width)
    assert.ok(!(await sidewaysScroll(page)), 'nothing is wider than the screen')
    await page.goto(`http://localhost:${port}/nowhere`)
    await shoot(page, 'not-found', width)
    await context.close()
  })
}

// One user at two widths: the first one's consent would be remembered.
async function askAgain(page: Page): Promise<void> {
  await page.locator('input[name=consent]').check()
}

async function shoot(page: Page, name: string, width: number): Promise<void> {
  await page.screenshot({ path: join(screenshots, `${name}-${width}.png`), fullPage: true })
}

function sidewaysScroll(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}

async function untilPrinted(child: ChildProcess, text: string): Promise<void> {
  let printed = ''
  for await (const chunk of child.stdout ?? []) {
    printed += chunk
    if (printed.includes(text)) return void child.stdout?.resume()
  }
  throw new Error(`the demo ended before it was ready: ${printed}`)
}

async function threeFreePorts(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 20_000)
    const free = await Promise.all([0, 1, 2].map((offset) => isFree(first + offset)))
    if (free.every(Boolean)) return first
  }
  throw new Error('no three free ports in a row')
}

function isFree(candidate: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(candidate, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
