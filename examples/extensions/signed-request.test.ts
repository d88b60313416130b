import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { after, test } from 'node:test'
import { startTestServer } from 'valetkey/testkit'
import { signedRequest, signedRequestMethod, signedText } from './signed-request.ts'

const server = await startTestServer({ extensions: [signedRequest] })
after(() => server.close())
const client = await server.aClient({ tokenEndpointAuthMethod: signedRequestMethod })
const api = await server.anApi()
await server.aClientGrant({ clientId: client.id, audience: api.identifier, scope: ['read:contacts'] })

interface Given {
  readonly secret?: string
  readonly issuer?: string
  readonly time?: number
}

/** What the client sends; a test changes what matters to it. */
function signed({ secret = client.secret, issuer = server.issuer, time = server.now() }: Given = {}): string {
  const nonce = randomBytes(16).toString('base64url')
  const text = signedText(issuer, client.id, String(time), nonce)
  const signature = createHmac('sha256', secret).update(text).digest('base64url')
  return `Signed ${client.id}:${time}:${nonce}:${signature}`
}

function ask(authorization: string, more: Readonly<Record<string, string>> = {}): Promise<Response> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    audience: api.identifier,
    ...more,
  })
  return server.fetch(`${server.issuer}oauth/token`, { method: 'POST', body, headers: { authorization } })
}

async function assertRefused(response: Response, rule: string): Promise<void> {
  const { error } = (await response.json()) as { readonly error: string }
  assert.deepEqual([response.status, error, server.lastRefusal()], [401, 'invalid_client', rule])
}

test('RFC 6749 §2.3.2: a client that signs its request is authenticated, as every endpoint asks', async () => {
  const answer = await ask(signed())
  assert.equal(answer.status, 200)
  const { access_token } = (await answer.json()) as { readonly access_token: string }
  const revoked = await server.fetch(`${server.issuer}oauth/revoke`, {
    method: 'POST',
    body: new URLSearchParams({ token: access_token }),
    headers: { authorization: signed() },
  })
  assert.equal(revoked.status, 200)
})

test('RFC 8414 §2: discovery announces the method', async () => {
  const response = await server.fetch(`${server.issuer}.well-known/openid-configuration`)
  const metadata = (await response.json()) as {
    readonly token_endpoint_auth_methods_supported: readonly string[]
  }
  assert.ok(metadata.token_endpoint_auth_methods_supported.includes(signedRequestMethod))
})

test('a signature under another secret or for another server is refused', async () => {
  await assertRefused(await ask(signed({ secret: 'a guess' })), 'client_auth.wrong_proof')
  await assertRefused(await ask(signed({ issuer: 'https://evil.example/' })), 'client_auth.wrong_proof')
})

test('a signature is good for a minute, and once', async () => {
  await assertRefused(await ask(signed({ time: server.now() - 61 })), 'example.signed_request.stale')
  await assertRefused(await ask(signed({ time: server.now() + 61 })), 'example.signed_request.stale')
  const authorization = signed()
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask(authorization)))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
  await assertRefused(await ask(authorization), 'example.signed_request.replayed')
})

test('a header that is not one is refused', async () => {
  await assertRefused(await ask('Signed something'), 'example.signed_request.malformed')
})

test('RFC 6749 §2.3: who is registered for it cannot fall back on sending the secret', async () => {
  const body = { client_id: client.id, client_secret: client.secret }
  const response = await server.fetch(`${server.issuer}oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', ...body }),
  })
  await assertRefused(response, 'client_auth.wrong_method')
})
