// The single-page application of docs/guides/first-app.md as it is written there, in a real Chromium.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import express from 'express'
import type { Browser, Page } from 'playwright-core'
import { docBlocks } from '../../../../scripts/doc-blocks.ts'
import type { ClientId } from '../../src/domain/ids.ts'
import { launchBrowser } from '../support/browser.ts'
import { ROOT } from '../support/source-files.ts'
import { decide, logIn } from './page-app.ts'
import { onLoopback, serverOnLoopback } from './scene.ts'

const sdk = new URL('../auth0-spa-js.production.js', import.meta.resolve('@auth0/auth0-spa-js'))

let browser: Browser
before(async () => {
  browser = await launchBrowser()
})
after(async () => {
  await browser?.close()
})

/** The program of the guide, with the addresses of this test. */
function programOf(issuer: string, api: string): string {
  const blocks = docBlocks(readFileSync(join(ROOT, 'docs/guides/first-app.md'), 'utf8'))
  const found = blocks.filter(({ code }) => code.includes("from '@auth0/auth0-spa-js'"))
  assert.equal(found.length, 1)
  return (found[0]?.code ?? '')
    .replace(/^import (.*) from '@auth0\/auth0-spa-js'$/m, 'const $1 = globalThis.auth0')
    .replace('http://localhost:4400', issuer.replace(/\/$/, ''))
    .replace('http://localhost:3001/notes', api)
}

async function notesIn(page: Page): Promise<unknown> {
  const message = await page.waitForEvent('console', { predicate: (said) => said.type() === 'log' })
  return message.args()[0]?.jsonValue()
}

test('the page of the guide logs in, calls its API, and does both again after a reload', async (t) => {
  const server = await serverOnLoopback(t)
  const site = express()
  const state = { program: '' }
  site.get('/app.js', (_, response) => void response.type('js').send(state.program))
  site.get('/sdk.js', (_, response) => void response.sendFile(sdk.pathname))
  site.get('/notes', (_, response) => void response.json(['mine']))
  const html =
    '<link rel="icon" href="data:,"><script src="/sdk.js"></script><script type="module" src="/app.js"></script>'
  site.get('/', (_, response) => void response.type('html').send(html))
  const url = `http://localhost:${await onLoopback(t, site)}/`
  state.program = programOf(server.issuer, `${url}notes`)
  await server.anApi({
    identifier: 'https://notes.example/',
    scopes: ['read:notes'],
  })
  await server.aClient({
    id: 'my-page' as ClientId,
    applicationType: 'spa',
    tokenEndpointAuthMethod: 'none',
    redirectUris: [url],
    webOrigins: [new URL(url).origin],
  })
  const user = await server.aUser()
  const context = await browser.newContext()
  t.after(() => context.close())
  const page = await context.newPage()
  const failures: string[] = []
  page.on('pageerror', (error) => failures.push(error.message))

  await page.goto(url)
  await logIn(page, user)
  const first = notesIn(page)
  await decide(page, 'accept')
  assert.deepEqual(await first, ['mine'])
  assert.equal(page.url(), url)
  const second = notesIn(page)
  await page.reload()
  assert.deepEqual(await second, ['mine'])
  assert.deepEqual([page.url(), failures], [url, []])
})
