// The SDK against a server that is not ours: oidc-provider, in this process, over HTTP and with the real clock.
import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { test } from 'node:test'
import { exportJWK, generateKeyPair } from 'jose'
import { protectNode } from '../src/node.ts'
import type { ProtectOptions } from '../src/sdk.ts'
import { protectResource } from '../src/sdk.ts'
import { aRequest, audience, detail, outcome } from './an-issuer.ts'
import { onLoopback } from './on-loopback.ts'

type Model = new (properties: object) => { save: () => Promise<string> }
type Provider = {
  readonly callback: () => RequestListener
  readonly Client: { readonly find: (id: string) => Promise<object> }
  readonly Grant: Model
  readonly RefreshToken: Model
}
type ProviderModule = { readonly Provider: new (issuer: string, configuration: object) => Provider }

// The package has no types, so its name is kept from the compiler.
const { Provider }: ProviderModule = await import('oidc-provider' as string)

const finance = 'https://finance.example.com'
const secret = 'secret-of-forty-characters-or-more-12345'

async function configuration(accessTokenFormat: 'jwt' | 'opaque', kid: string) {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const client = { client_secret: secret, redirect_uris: [], response_types: [] }
  return {
    clients: [
      { ...client, client_id: 'app', grant_types: ['client_credentials', 'refresh_token'] },
      { ...client, client_id: 'contacts-api', grant_types: [] },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['only a test'] },
    ttl: { ClientCredentials: 600, RefreshToken: 600, Grant: 600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: async () => ({ scope: 'read:contacts write:contacts', accessTokenFormat }),
      },
    },
  }
}

/** A provider on a port of its own. `restart` takes new keys, as another process behind the same name would. */
async function aProvider(test: { after: (end: () => void) => void }, format: 'jwt' | 'opaque') {
  let answer: RequestListener = (_, response) => void response.end()
  const issuer = await onLoopback(test, (request, response) => answer(request, response))
  async function restart(kid: string): Promise<Provider> {
    const provider = new Provider(issuer, await configuration(format, kid))
    answer = provider.callback()
    return provider
  }
  const provider = await restart('key-1')

  async function asApp(path: string, fields: Record<string, string>): Promise<Response> {
    const headers = { authorization: `Basic ${btoa(`app:${secret}`)}` }
    return fetch(`${issuer}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) })
  }
  async function token(resource = audience, scope = 'read:contacts'): Promise<string> {
    const response = await asApp('/token', { grant_type: 'client_credentials', resource, scope })
    const { access_token } = await response.json()
    assert.equal(typeof access_token, 'string')
    return access_token
  }
  function api(changed: Partial<ProtectOptions> = {}) {
    return protectResource({ issuer, audience, ...changed })
  }
  return { issuer, provider, restart, asApp, token, api }
}

const introspection = { clientId: 'contacts-api', clientSecret: secret }

test('RFC 9068 §4: a JWT access token of oidc-provider passes, even strictly', async (t) => {
  const { api, token } = await aProvider(t, 'jwt')
  const verdict = await api({ strict: true }).authenticate(aRequest(await token()), {
    scopes: ['read:contacts'],
  })
  assert.equal(verdict.kind, 'allowed', detail(verdict))
  assert.equal(verdict.token.clientId, 'app')
  assert.deepEqual(verdict.token.scopes, ['read:contacts'])
})

test('RFC 6750 §3.1: a JWT of oidc-provider without the scope is refused over HTTP', async (t) => {
  const { api, token } = await aProvider(t, 'jwt')
  const contacts = protectNode(api())
  const origin = await onLoopback(t, async (request, response) => {
    const token = await contacts.authenticate(request, response, { scopes: ['write:contacts'] })
    if (token) response.end(token.clientId)
  })
  const call = async (scope: string) =>
    fetch(origin, { headers: { authorization: `Bearer ${await token(audience, scope)}` } })
  assert.equal((await call('read:contacts')).status, 403)
  assert.equal(await (await call('write:contacts')).text(), 'app')
})

test('RFC 9068 §4: a JWT of oidc-provider for another API is refused', async (t) => {
  const { api, token } = await aProvider(t, 'jwt')
  assert.equal(outcome(await api().authenticate(aRequest(await token(finance)))), '401 invalid_token')
})

test('RFC 7517 §4.5: keys that oidc-provider replaced are found without a restart', async (t) => {
  const { api, token, restart } = await aProvider(t, 'jwt')
  let secondsAhead = 0
  const contacts = api({ now: () => Math.floor(Date.now() / 1000) + secondsAhead })
  const old = await token()
  assert.equal(outcome(await contacts.authenticate(aRequest(old))), 'allowed')
  await restart('key-2')
  secondsAhead = 30
  assert.equal(outcome(await contacts.authenticate(aRequest(await token()))), 'allowed')
  assert.equal(outcome(await contacts.authenticate(aRequest(old))), '401 invalid_token')
})

test('RFC 7662 §2.2: an opaque access token of oidc-provider passes until it is revoked', async (t) => {
  const { api, asApp, token } = await aProvider(t, 'opaque')
  const contacts = api({ introspection })
  const opaque = await token()
  const verdict = await contacts.authenticate(aRequest(opaque), { scopes: ['read:contacts'] })
  assert.equal(verdict.kind, 'allowed', detail(verdict))
  assert.equal(verdict.token.clientId, 'app')
  assert.equal((await asApp('/token/revocation', { token: opaque })).status, 200)
  assert.equal(outcome(await contacts.authenticate(aRequest(opaque))), '401 invalid_token')
})

test('RFC 7662 §4: an opaque token of oidc-provider for another API is refused', async (t) => {
  const { api, token } = await aProvider(t, 'opaque')
  const verdict = await api({ introspection }).authenticate(aRequest(await token(finance)))
  assert.equal(outcome(verdict), '401 invalid_token')
  assert.match(detail(verdict), /aud/)
})

test('RFC 7662 §4: a refresh token of oidc-provider is not an access token', async (t) => {
  const { api, provider } = await aProvider(t, 'opaque')
  const owner = { accountId: 'ada', clientId: 'app' }
  const grantId = await new provider.Grant(owner).save()
  const client = await provider.Client.find('app')
  const refreshToken = await new provider.RefreshToken({
    ...owner,
    client,
    grantId,
    scope: 'read:contacts',
  }).save()
  const verdict = await api({ introspection }).authenticate(aRequest(refreshToken))
  assert.equal(outcome(verdict), '401 invalid_token')
  assert.match(detail(verdict), /aud/)
})

test('RFC 7662 §2.3: a wrong secret of the API is answered with 503, not 401', async (t) => {
  const { api, token } = await aProvider(t, 'opaque')
  const contacts = api({ introspection: { ...introspection, clientSecret: 'wrong' } })
  assert.equal(outcome(await contacts.authenticate(aRequest(await token()))), '503 temporarily_unavailable')
})
