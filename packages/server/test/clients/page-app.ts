// Applications that run in a browser: a page, the SDK's own bundle, and an API of another origin.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { TestContext } from 'node:test'
import express from 'express'
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer'
import type { Page } from 'playwright-core'
import type { TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { onLoopback } from './scene.ts'

type Until = Pick<TestContext, 'after'>

export const audience = 'https://contacts.test/'

/** What an application is made of; `settings` are read when its page is loaded. */
export interface PageApp {
  readonly sdk: URL
  /** Name of a script in `pages/`. */
  readonly script: string
  readonly settings: object
}

/** Serves an application under every path of a free port, and answers its URL. */
export async function servePageApp(t: Until, { sdk, script, settings }: PageApp): Promise<string> {
  const page = await readFile(new URL('pages/index.html', import.meta.url), 'utf8')
  const code = await readFile(new URL(`pages/${script}`, import.meta.url), 'utf8')
  const bundle = await readFile(sdk, 'utf8')
  const app = express()
  app.get('/app.js', (_, response) => void response.type('js').send(code))
  app.get('/sdk.js', (_, response) => void response.type('js').send(bundle))
  app.get('/settings.json', (_, response) => void response.json(settings))
  app.get('/{*path}', (_, response) => void response.type('html').send(page))
  return `http://localhost:${await onLoopback(t, app)}/`
}

/** An API that pages of any origin may call, and that checks tokens with express-oauth2-jwt-bearer. Answers its URL. */
export async function serveContacts(t: Until, server: TestServer): Promise<string> {
  const api = express()
  api.use((request, response, next) => {
    response.set('access-control-allow-origin', '*')
    response.set('access-control-allow-headers', 'authorization')
    if (request.method === 'OPTIONS') response.sendStatus(204)
    else next()
  })
  const protection = auth({ issuerBaseURL: server.issuer, audience })
  api.get('/contacts', protection, requiredScopes('read:contacts'), (request, response) => {
    response.json({ owner: request.auth?.payload.sub })
  })
  return `http://localhost:${await onLoopback(t, api)}/contacts`
}

export interface Outcome<Value> {
  readonly value?: Value
  readonly error?: string
  readonly description?: string
}

/** Calls a member of the page's `app`. */
export async function attempt<Value = unknown>(
  page: Page,
  member: string,
  ...given: readonly unknown[]
): Promise<Outcome<Value>> {
  return page.evaluate(`app.${member}(...${JSON.stringify(given)})`)
}

/** Calls a member of the page's `app` that must succeed. */
export async function value<Value = unknown>(
  page: Page,
  member: string,
  ...given: readonly unknown[]
): Promise<Value> {
  const outcome = await attempt<Value>(page, member, ...given)
  assert.equal(outcome.error, undefined, `${member}: ${outcome.error} ${outcome.description}`)
  return outcome.value as Value
}

/** Calls a member that leaves the page, which may well end the call that did it. */
export async function leave(page: Page, member: string, ...given: readonly unknown[]): Promise<void> {
  await page.evaluate(`void app.${member}(...${JSON.stringify(given)})`)
}

/** What the person does on the pages of the server. */
export async function logIn(page: Page, user: Pick<TestUser, 'email' | 'password'>): Promise<void> {
  await page.waitForURL('**/u/login?*')
  await page.fill('#username', user.email)
  await page.fill('#password', user.password)
  await page.click('button[value=login]')
}

export async function decide(page: Page, decision: 'accept' | 'deny'): Promise<void> {
  await page.waitForURL('**/u/consent?*')
  await page.click(`button[value=${decision}]`)
}
