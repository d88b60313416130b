// openid-client as it is published: hybrid and implicit answers, pushed and signed requests, and logout.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import * as client from 'openid-client'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { clientKey } from '../rfc/client-keys.ts'
import { aParty, aRequest, type Party, type Request, signInWith } from './openid-client-scene.ts'
import { visit } from './scene.ts'

const server = await startTestServer({ startAt: new Date().toISOString() })
after(() => server.close())
const user = await server.aUser()
const key = await clientKey('ES256')
const signingKey = { key: key.privateKey, kid: key.kid }
const registration = { jwks: { keys: [key.publicJwk] } }

/** openid-client keeps the reason in the cause. */
function causedBy(reason: RegExp) {
  return (error: unknown) => error instanceof Error && reason.test(String(error.cause))
}

function answerTo(url: URL): Promise<URL> {
  return visit(url, { user, browser: server.browser() })
}

async function hybrid(): Promise<Party & Request & { readonly callback: URL }> {
  const grantTypes = ['authorization_code', 'implicit']
  const party = await aParty(server, { grantTypes }, undefined, [client.useCodeIdTokenResponseType])
  const request = await aRequest({ scope: 'openid email' })
  const callback = await answerTo(client.buildAuthorizationUrl(party.config, request.parameters))
  return { ...party, ...request, callback }
}

test('OIDC Core §3.3.2.11: openid-client checks both ID tokens of code id_token, and gets its tokens', async () => {
  const { config, callback, checks } = await hybrid()
  assert.equal(new URLSearchParams(callback.hash.slice(1)).has('id_token'), true)
  const tokens = await client.authorizationCodeGrant(config, callback, checks)
  assert.equal(tokens.claims()?.sub, user.id)
  assert.equal((await client.fetchUserInfo(config, tokens.access_token, user.id)).email, user.email)
})

test('OIDC Core §3.3.2.11: openid-client refuses a code that the ID token does not name by c_hash', async () => {
  const { config, callback, checks } = await hybrid()
  const answer = new URLSearchParams(callback.hash.slice(1))
  answer.set('code', 'another')
  callback.hash = answer.toString()
  await assert.rejects(client.authorizationCodeGrant(config, callback, checks), causedBy(/c_hash/))
})

test('OIDC Core §3.2.2.11: openid-client verifies an ID token that comes in a fragment', async () => {
  const { config } = await aParty(server, { grantTypes: ['implicit'] }, undefined, [
    client.useIdTokenResponseType,
  ])
  const { parameters, checks } = await aRequest({ scope: 'openid email' })
  const { code_challenge: _, code_challenge_method: __, ...asked } = parameters
  const callback = await answerTo(client.buildAuthorizationUrl(config, asked))
  const { expectedNonce, expectedState } = checks
  const claims = await client.implicitAuthentication(config, callback, expectedNonce, { expectedState })
  assert.deepEqual([claims.sub, claims.email], [user.id, user.email])
  await assert.rejects(
    client.implicitAuthentication(config, callback, 'another', { expectedState }),
    causedBy(/nonce/),
  )
})

test('RFC 9126 §2.1: openid-client pushes its request, and only a reference goes through the browser', async () => {
  const { config } = await aParty(server, { requirePushedAuthorizationRequests: true })
  const { parameters, checks } = await aRequest()
  const url = await client.buildAuthorizationUrlWithPAR(config, parameters)
  assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri'])
  const tokens = await client.authorizationCodeGrant(config, await answerTo(url), checks)
  assert.equal(tokens.claims()?.sub, user.id)
})

test('RFC 9126 §2.3: openid-client is told what is wrong with the request that it pushes', async () => {
  const { config } = await aParty(server)
  const { parameters } = await aRequest({ redirect_uri: 'https://attacker.test/' })
  await assert.rejects(client.buildAuthorizationUrlWithPAR(config, parameters), {
    name: 'ResponseBodyError',
    error: 'invalid_request',
  })
})

test('RFC 9101 §5: openid-client signs its request', async () => {
  const { config } = await aParty(server, { ...registration, requestObject: { required: true } })
  const { parameters, checks } = await aRequest()
  const url = await client.buildAuthorizationUrlWithJAR(config, parameters, signingKey)
  const tokens = await client.authorizationCodeGrant(config, await answerTo(url), checks)
  assert.equal(tokens.claims()?.sub, user.id)
})

test('RFC 9126 §3: openid-client pushes a signed request', async () => {
  const { config } = await aParty(server, registration)
  const { parameters, checks } = await aRequest()
  const { searchParams } = await client.buildAuthorizationUrlWithJAR(config, parameters, signingKey)
  const url = await client.buildAuthorizationUrlWithPAR(config, searchParams)
  const tokens = await client.authorizationCodeGrant(config, await answerTo(url), checks)
  assert.equal(tokens.claims()?.sub, user.id)
})

test('OIDC RP-Initiated Logout §2: the logout of openid-client ends the session and comes back with its state', async () => {
  const goodbye = 'https://app.test/goodbye'
  const party = await aParty(server, { allowedLogoutUrls: [goodbye] })
  const browser = server.browser()
  const tokens = await signInWith(server, party, user, browser)
  const url = client.buildEndSessionUrl(party.config, {
    post_logout_redirect_uri: goodbye,
    id_token_hint: tokens.id_token ?? '',
    state: 'where I was',
  })
  const { leftTo } = await browser.open(url.href)
  assert.equal(leftTo?.url.href, `${goodbye}?state=where+I+was`)
  const { parameters, checks } = await aRequest({ prompt: 'none' })
  const silent = await visit(client.buildAuthorizationUrl(party.config, parameters), { user, browser })
  await assert.rejects(client.authorizationCodeGrant(party.config, silent, checks), {
    error: 'login_required',
  })
})
