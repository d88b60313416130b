// Two sites behind TLS in a real Chromium: `localhost` and `127.0.0.1` share no registrable domain.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationParameters } from '../rfc/requests.ts'
import { launchBrowser } from '../support/browser.ts'
import { logIn } from './page-app.ts'
import { onTls, serverOnTls } from './tls.ts'

test('OpenID Connect Core §3.1.2.1: an authorization request that another site posts comes with the session', async (t) => {
  const server = await serverOnTls(t)
  let page = ''
  const origin = await onTls(t, (_request, response) =>
    response.setHeader('content-type', 'text/html').end(page),
  )
  const app = origin.replace('localhost', '127.0.0.1')
  const client = await server.aClient({ redirectUris: [`${app}/callback`] })
  page = formOf(`${server.issuer}authorize`, authorizationParameters(client, { prompt: 'none' }))
  const user = await server.aUser()

  const browser = await launchBrowser()
  t.after(() => browser.close())
  const context = await browser.newContext({ ignoreHTTPSErrors: true })
  const tab = await context.newPage()
  await tab.goto(`${server.issuer}authorize?${authorizationParameters(client)}`)
  await logIn(tab, user)
  await tab.waitForURL(`${app}/callback?*`)

  await tab.goto(`${app}/`)
  const sent = tab.waitForRequest((request) => request.method() === 'POST')
  await tab.click('button')
  const headers = await (await sent).allHeaders()
  assert.deepEqual([headers.origin, headers['sec-fetch-site']], [app, 'cross-site'])
  await tab.waitForURL(`${app}/callback?*`)
  const { searchParams } = new URL(tab.url())
  assert.deepEqual([searchParams.has('code'), searchParams.get('error')], [true, null])
})

function formOf(action: string, parameters: URLSearchParams): string {
  const fields = [...parameters].map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
  )
  const form = `<form method="post" action="${action}">${fields.join('')}<button>Go</button></form>`
  return `<!doctype html><title>App</title>${form}`
}
