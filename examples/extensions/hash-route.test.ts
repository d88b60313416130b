import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { defineResponseMode } from 'valetkey/extend'
import { startTestServer } from 'valetkey/testkit'
import { hashRoute } from './hash-route.ts'

const elsewhere = defineResponseMode({
  name: 'elsewhere',
  announced: false,
  carriesTokens: true,
  deliver: () => ({ kind: 'redirect', location: 'https://app.test.evil.example/' }),
})
const server = await startTestServer({ extensions: [hashRoute, elsewhere] })
after(() => server.close())
const client = await server.aClient({ redirectUris: ['https://app.test/'] })
const user = await server.aUser()

function request(given: Readonly<Record<string, string>>): string {
  return `${server.issuer}authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: 'https://app.test/',
    response_mode: 'hash_route',
    scope: 'openid',
    state: 'the state',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...given,
  })}`
}

function answerIn(location: string): URLSearchParams {
  const [page, query = ''] = location.split('?')
  assert.equal(page, 'https://app.test/#/callback')
  return new URLSearchParams(query)
}

test('OAuth 2.0 Multiple Response Types §2.1: the code arrives at the page behind the fragment', async () => {
  const browser = server.browser()
  let shown = await browser.logIn(await browser.open(request({})), user)
  if (shown.leftTo === undefined) shown = await browser.allow(shown)
  const answer = answerIn(shown.leftTo?.url.href ?? '')
  assert.match(answer.get('code') ?? '', /^[\w-]{43}$/)
  assert.equal(answer.get('state'), 'the state')
  assert.equal(answer.get('iss'), server.issuer)
})

test('RFC 6749 §4.1.2.1: an error takes the same way', async () => {
  const response = await server.fetch(request({ prompt: 'none' }), { redirect: 'manual' })
  assert.equal(answerIn(response.headers.get('location') ?? '').get('error'), 'login_required')
})

test('RFC 8414 §2: discovery announces the mode', async () => {
  const response = await server.fetch(`${server.issuer}.well-known/openid-configuration`)
  const metadata = (await response.json()) as { readonly response_modes_supported: readonly string[] }
  assert.ok(metadata.response_modes_supported.includes('hash_route'))
})

test('RFC 9700 §4.11: a mode that leads elsewhere ends in an error of the server, and nobody is sent there', async () => {
  const url = request({ response_mode: 'elsewhere', prompt: 'none' })
  const response = await server.fetch(url, { redirect: 'manual' })
  assert.equal(response.status, 500)
  assert.equal(response.headers.get('location'), null)
})
