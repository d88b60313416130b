import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launchBrowser } from './support/browser.ts'

const PAGES: Readonly<Record<string, string>> = {
  '/': '<!doctype html><meta name="viewport" content="width=device-width"><h1>Sign in</h1>',
  '/worker.js': `onmessage = (event) => postMessage(event.data + 1)`,
  '/teller': `<script>(opener ?? parent).postMessage(document.cookie, '*')</script>`,
  '/strict': '<p>Nothing but text</p><script>document.title = "executed"</script>',
}

let browser: Browser
let origin: string

const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  if (path === '/strict') response.setHeader('content-security-policy', `default-src 'none'`)
  if (path === '/') response.setHeader('set-cookie', ['seen=yes; Path=/', 'hidden=yes; Path=/; HttpOnly'])
  response.setHeader('content-type', path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8')
  response.end(PAGES[path] ?? `<p>${request.headers.cookie ?? ''}</p>`)
})

before(async () => {
  server.listen(0)
  await once(server, 'listening')
  const address = server.address()
  origin = `http://localhost:${typeof address === 'object' ? address?.port : address}`
  browser = await launchBrowser()
})

after(async () => {
  await browser?.close()
  server.close()
})

async function open(path: string, width = 1280) {
  const page = await browser.newPage({ viewport: { width, height: 800 } })
  await page.goto(origin + path)
  return page
}

function otherOrigin(): string {
  return origin.replace('localhost', '127.0.0.1')
}

async function drawsText(width: number): Promise<void> {
  const page = await open('/', width)
  const [inner, narrow = 0, wide = 0] = await page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d')
    if (canvas) canvas.font = '20px sans-serif'
    return [innerWidth, canvas?.measureText('i').width ?? 0, canvas?.measureText('W').width ?? 0]
  })
  assert.equal(inner, width)
  assert.ok(narrow > 0 && wide > 2 * narrow, `i is ${narrow} wide, W is ${wide}`)
}

test('text is drawn with a real font on a phone', () => drawsText(375))

test('text is drawn with a real font on a desktop', () => drawsText(1280))

test('cookies return to the server, and HttpOnly ones stay hidden from scripts', async () => {
  const page = await open('/')
  assert.equal(await page.evaluate(() => document.cookie), 'seen=yes')
  await page.goto(`${origin}/echo`)
  assert.equal(await page.textContent('p'), 'seen=yes; hidden=yes')
})

test('a content security policy is enforced', async () => {
  assert.equal(await (await open('/strict')).title(), '')
})

test('a frame of another origin can send a message', async () => {
  const page = await open('/')
  const sender = page.evaluate((src) => {
    document.body.append(Object.assign(document.createElement('iframe'), { src }))
    return new Promise((resolve) => addEventListener('message', (event) => resolve(event.origin)))
  }, `${otherOrigin()}/teller`)
  assert.equal(await sender, otherOrigin())
})

test('a popup of another origin can send a message', async () => {
  const page = await open('/')
  const sender = page.evaluate((url) => {
    window.open(url)
    return new Promise((resolve) => addEventListener('message', (event) => resolve(event.origin)))
  }, `${otherOrigin()}/teller`)
  assert.equal(await sender, otherOrigin())
})

test('localhost is a secure context: crypto.subtle and workers are there', async () => {
  const page = await open('/')
  const digest = await page.evaluate(() =>
    crypto.subtle.digest('SHA-256', new Uint8Array()).then((d) => d.byteLength),
  )
  assert.equal(digest, 32)
  const answer = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const worker = new Worker('/worker.js')
        worker.onmessage = (event) => resolve(event.data)
        worker.postMessage(41)
      }),
  )
  assert.equal(answer, 42)
})
