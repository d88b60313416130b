// oauth4webapi as it is published, in-process: the grants without a redirect.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import { approve, deviceGrantType } from '../rfc/devices.ts'
import { serverNow } from './scene.ts'

const exchangeGrantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'

async function aScene(t: TestContext) {
  const server = await serverNow(t)
  const http = { [oauth.customFetch]: (url: string, options: object) => server.fetch(url, options) }
  const issuer = new URL(server.issuer)
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, http))
  return { server, http, as, user: await server.aUser() }
}

test('RFC 8628 §3.1: a device flow as oauth4webapi runs and checks it', async (t) => {
  const { server, http, as, user } = await aScene(t)
  const registered = await server.aClient({
    tokenEndpointAuthMethod: 'none',
    grantTypes: [deviceGrantType, 'refresh_token'],
  })
  const client = { client_id: registered.id }
  const none = oauth.None()
  const asked = { scope: 'openid email offline_access' }
  const response = await oauth.deviceAuthorizationRequest(as, client, none, asked, http)
  const codes = await oauth.processDeviceAuthorizationResponse(as, client, response)
  const poll = async () =>
    oauth.processDeviceCodeResponse(
      as,
      client,
      await oauth.deviceCodeGrantRequest(as, client, none, codes.device_code, http),
    )
  await assert.rejects(poll(), (error: unknown) => {
    assert.ok(error instanceof oauth.ResponseBodyError)
    assert.deepEqual([error.error, error.status], ['authorization_pending', 400])
    return true
  })
  await approve(server, user, codes.user_code)
  server.advance(`${codes.interval ?? 5}s`)
  const tokens = await poll()
  assert.equal(oauth.getValidatedIdTokenClaims(tokens)?.sub, user.id)
  const refreshed = await oauth.refreshTokenGrantRequest(as, client, none, tokens.refresh_token ?? '', http)
  assert.ok((await oauth.processRefreshTokenResponse(as, client, refreshed)).access_token)
})

test('RFC 8693 §2.1: an exchange as oauth4webapi sends and checks it', async (t) => {
  const { server, http, as, user } = await aScene(t)
  const api = await server.anApi()
  const registered = await server.aClient({
    grantTypes: ['authorization_code', exchangeGrantType],
    tokenExchange: { impersonation: false, delegation: true },
  })
  const subject = await server.signIn({
    client: registered,
    user,
    api,
    scope: 'read:contacts create:contacts',
  })
  const response = await oauth.genericTokenEndpointRequest(
    as,
    { client_id: registered.id },
    oauth.ClientSecretPost(registered.secret),
    exchangeGrantType,
    { subject_token: subject.access_token, subject_token_type: accessToken, scope: 'read:contacts' },
    http,
  )
  const answer = await oauth.processGenericTokenEndpointResponse(as, { client_id: registered.id }, response)
  assert.deepEqual([answer.scope, answer.issued_token_type], ['read:contacts', accessToken])
})
