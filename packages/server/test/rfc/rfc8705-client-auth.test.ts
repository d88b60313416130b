import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { connect } from 'node:tls'
import type { Client } from '../../src/domain/client.ts'
import { startTestServer, type TestClient, type TestServer } from '../../src/testkit/testkit.ts'
import { aCertificate, type TestCertificate } from '../support/certificates.ts'
import { fakeNetwork } from './client-keys.ts'
import { allowRegistration, openToAll, register } from './registrations.ts'
import {
  assertJsonRefusal,
  basic,
  codeFor,
  form,
  type Given,
  granted,
  json,
  token,
  verifier,
} from './requests.ts'

const network = fakeNetwork()
const server = await startTestServer({
  settings: { trustedProxies: ['127.0.0.1'], clientCertificateHeaders: 'auth0' },
  fetcher: network.fetcher,
})
after(() => server.close())
const api = await server.anApi()
const request = { grant_type: 'client_credentials', audience: api.identifier }
const authority = aCertificate({ subject: [['CN', 'Authority']], isAuthority: true })
const subject = [
  ['C', 'DE'],
  ['O', 'Bücher, Töchter + Söhne'],
  ['CN', 'client.test'],
] as const
const certificate = aCertificate({
  issuer: authority,
  subject,
  alternativeNames: [
    ['dns', 'client.test'],
    ['uri', 'urn:client:1'],
    ['ip', '2001:db8::1'],
    ['ip', '192.0.2.7'],
    ['email', 'client@client.test'],
  ],
})

async function aMachine(given: Partial<Client>, on: TestServer = server): Promise<TestClient> {
  const made = await on.aClient({ secrets: [], ...given })
  await on.aClientGrant({ clientId: made.id, audience: api.identifier, scope: ['read:contacts'] })
  return made
}

function named(tlsClientAuth: NonNullable<Client['tlsClientAuth']>): Promise<TestClient> {
  return aMachine({ tokenEndpointAuthMethod: 'tls_client_auth', tlsClientAuth })
}

/** What a proxy says about the certificate of a connection (Auth0's headers). */
function headersOf({ pem }: TestCertificate, verified = 'SUCCESS') {
  return { 'client-certificate': encodeURIComponent(pem), 'client-certificate-ca-verified': verified }
}

function withCertificate(client: TestClient, shown: TestCertificate, verified?: string, given: Given = {}) {
  return token(server, { ...request, client_id: client.id, ...given }, headersOf(shown, verified))
}

const wrongProof = { status: 401, error: 'invalid_client', rule: 'client_auth.wrong_proof' } as const
const wrongMethod = { status: 401, error: 'invalid_client', rule: 'client_auth.wrong_method' } as const

test('RFC 8705 §2.1.2: each name that a client can register', async (t) => {
  const rows = [
    { name: 'the subject', kind: 'subject_dn', value: 'CN=client.test,O=Bücher\\, Töchter \\+ Söhne,C=DE' },
    {
      name: 'the subject in hex pairs',
      kind: 'subject_dn',
      value: 'cn=client.test, o=B\\C3\\BCcher\\2C Töchter \\+ Söhne, c=DE',
    },
    { name: 'a DNS name', kind: 'san_dns', value: 'Client.Test' },
    { name: 'a URI', kind: 'san_uri', value: 'urn:client:1' },
    { name: 'an IPv6 address', kind: 'san_ip', value: '2001:0db8:0:0::0001' },
    { name: 'an IPv4 address', kind: 'san_ip', value: '192.0.2.7' },
    { name: 'an e-mail address', kind: 'san_email', value: 'client@client.test' },
  ] as const
  for (const { name, kind, value } of rows)
    await t.test(name, async () => {
      await granted(await withCertificate(await named({ kind, value }), certificate))
    })
})

test('RFC 8705 §2.1: a certificate with another name is refused', async (t) => {
  const rows = [
    {
      name: 'another subject',
      kind: 'subject_dn',
      value: 'CN=other.test,O=Bücher\\, Töchter \\+ Söhne,C=DE',
    },
    { name: 'a part of the subject', kind: 'subject_dn', value: 'CN=client.test' },
    {
      name: 'the subject in the other order',
      kind: 'subject_dn',
      value: 'C=DE,O=Bücher\\, Töchter \\+ Söhne,CN=client.test',
    },
    {
      name: 'a subject in another case',
      kind: 'subject_dn',
      value: 'CN=CLIENT.TEST,O=Bücher\\, Töchter \\+ Söhne,C=DE',
    },
    { name: 'a malformed subject', kind: 'subject_dn', value: 'client.test' },
    { name: 'an empty subject', kind: 'subject_dn', value: '' },
    { name: 'another DNS name', kind: 'san_dns', value: 'other.test' },
    { name: 'a DNS name as a URI', kind: 'san_uri', value: 'client.test' },
    { name: 'another address', kind: 'san_ip', value: '192.0.2.8' },
    { name: 'no address', kind: 'san_ip', value: 'client.test' },
    { name: 'another e-mail address', kind: 'san_email', value: 'Client@client.test' },
  ] as const
  for (const { name, kind, value } of rows)
    await t.test(name, async () => {
      await assertJsonRefusal(
        server,
        await withCertificate(await named({ kind, value }), certificate),
        wrongProof,
      )
    })
})

test('RFC 8705 §7.4: a name cannot hold another one', async () => {
  const forged = aCertificate({
    issuer: authority,
    subject: [['CN', 'evil.test,CN=client.test']],
    alternativeNames: [
      ['uri', 'urn:x, DNS:client.test'],
      ['dns', 'evil.test", DNS:client.test'],
    ],
  })
  const subjectDn = { kind: 'subject_dn', value: 'CN=evil.test,CN=client.test' } as const
  await assertJsonRefusal(server, await withCertificate(await named(subjectDn), forged), wrongProof)
  const dns = { kind: 'san_dns', value: 'client.test' } as const
  await assertJsonRefusal(server, await withCertificate(await named(dns), forged), wrongProof)
})

test('RFC 8705 §2.1: a certificate that no trusted authority issued is refused', async () => {
  const client = await named({ kind: 'san_dns', value: 'client.test' })
  for (const verified of ['FAILED:self signed certificate', 'NONE', '', 'success'])
    await assertJsonRefusal(server, await withCertificate(client, certificate, verified), wrongProof)
  const bare = { 'client-certificate': encodeURIComponent(certificate.pem) }
  const response = await token(server, { ...request, client_id: client.id }, bare)
  await assertJsonRefusal(server, response, wrongProof)
})

test('RFC 8705 §2.1: without a certificate the client has not authenticated', async () => {
  const client = await named({ kind: 'san_dns', value: 'client.test' })
  await assertJsonRefusal(server, await token(server, { ...request, client_id: client.id }), wrongMethod)
  const broken = { 'client-certificate': 'nonsense%', 'client-certificate-ca-verified': 'SUCCESS' }
  const response = await token(server, { ...request, client_id: client.id }, broken)
  await assertJsonRefusal(server, response, wrongMethod)
  const twice = { ...broken, 'client-certificate': `${encodeURIComponent(certificate.pem)}, x` }
  await granted(await withCertificate(client, certificate))
  await assertJsonRefusal(
    server,
    await token(server, { ...request, client_id: client.id }, twice),
    wrongMethod,
  )
})

test('RFC 8705 §6.3: headers from whoever is no trusted proxy are ignored', async () => {
  const settings = { trustedProxies: ['10.0.0.0/8'], clientCertificateHeaders: 'auth0' }
  const open = await startTestServer({ settings })
  try {
    const tlsClientAuth = { kind: 'san_dns', value: 'client.test' } as const
    const client = await aMachine({ tokenEndpointAuthMethod: 'tls_client_auth', tlsClientAuth }, open)
    const response = await token(open, { ...request, client_id: client.id }, headersOf(certificate))
    await assertJsonRefusal(open, response, wrongMethod)
  } finally {
    await open.close()
  }
})

test('RFC 8705 §2.2: a self-signed certificate that the client registered', async (t) => {
  const own = aCertificate({ subject: [['CN', 'own']] })
  const older = aCertificate({ subject: [['CN', 'older']] })
  const jwkOf = ({ raw, privateKey }: TestCertificate) => {
    const { kty, crv, x, y } = privateKey.export({ format: 'jwk' })
    return { kty: kty ?? '', crv: crv ?? '', x: x ?? '', y: y ?? '', x5c: [raw.toString('base64')] }
  }
  const jwks = { keys: [jwkOf(older), jwkOf(own)] }
  const client = await aMachine({ tokenEndpointAuthMethod: 'self_signed_tls_client_auth', jwks })
  await t.test('each of several', async () => {
    for (const shown of [own, older])
      await granted(await withCertificate(client, shown, 'FAILED:self signed'))
  })
  await t.test('from jwks_uri', async () => {
    network.serve('https://client.test/jwks', { text: JSON.stringify(jwks) })
    const jwksUri = 'https://client.test/jwks'
    const remote = await aMachine({ tokenEndpointAuthMethod: 'self_signed_tls_client_auth', jwksUri })
    await granted(await withCertificate(remote, own))
    await assertJsonRefusal(server, await withCertificate(remote, certificate), wrongProof)
  })
  await t.test('another one is refused, also with the same name', async () => {
    const twin = aCertificate({ subject: [['CN', 'own']] })
    for (const shown of [twin, certificate])
      await assertJsonRefusal(server, await withCertificate(client, shown), wrongProof)
  })
  await t.test('a trusted one does not stand in for it', async () => {
    const keyless = await aMachine({ tokenEndpointAuthMethod: 'self_signed_tls_client_auth' })
    await assertJsonRefusal(server, await withCertificate(keyless, certificate), wrongProof)
  })
})

test('RFC 8705 §2: beside a certificate the registration decides how the client authenticates', async () => {
  const post = await server.aClient({ tokenEndpointAuthMethod: 'client_secret_post' })
  await server.aClientGrant({ clientId: post.id, audience: api.identifier, scope: ['read:contacts'] })
  await granted(await withCertificate(post, certificate, 'SUCCESS', { client_secret: post.secret }))
  await assertJsonRefusal(server, await withCertificate(post, certificate), wrongMethod)
  const tls = await named({ kind: 'san_dns', value: 'client.test' })
  const both = { ...basic(tls.id, 'x'), ...headersOf(certificate) }
  await assertJsonRefusal(server, await token(server, { ...request, client_id: tls.id }, both), wrongMethod)
})

test('RFC 8705 §4: a public client stays one when it shows a certificate', async () => {
  const user = await server.aUser()
  const spa = await server.aClient({ tokenEndpointAuthMethod: 'none' })
  const redeemed = async (shown: TestCertificate, given: Given = {}) => {
    const code = await codeFor(server, { client: spa, user })
    const proof = { code, redirect_uri: spa.redirectUris[0], code_verifier: verifier }
    return withCertificate(spa, shown, 'SUCCESS', { grant_type: 'authorization_code', ...proof, ...given })
  }
  await granted(await redeemed(certificate))
  await granted(await redeemed(aCertificate({ subject: [['CN', 'anybody']] })))
  // What it shows proves nothing: a grant for clients that authenticate stays closed.
  await assertJsonRefusal(server, await withCertificate(spa, certificate), {
    error: 'unauthorized_client',
    rule: 'token.public_client',
  })
})

/** A server that speaks TLS itself, on a free port. */
async function tlsServer() {
  const directory = mkdtempSync(join(tmpdir(), 'valetkey-tls-'))
  const host = aCertificate({
    issuer: authority,
    subject: [['CN', 'localhost']],
    alternativeNames: [['dns', 'localhost']],
  })
  const file = (name: string, text: string) => {
    writeFileSync(join(directory, name), text)
    return join(directory, name)
  }
  const port = await freePort()
  const tls = {
    certificateFile: file('certificate.pem', host.pem),
    keyFile: file('key.pem', host.privateKeyPem),
    clientCaFile: file('ca.pem', authority.pem),
  }
  const settings = { publicUrl: `https://localhost:${port}`, listen: { port, tls } }
  const started = await startTestServer({ settings })
  await started.anApi()
  await started.listen()
  return {
    server: started,
    port,
    async close() {
      await started.close()
      rmSync(directory, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  assert.ok(address !== null && typeof address === 'object')
  return address.port
}

/** A token request over the wire. */
async function post(port: number, given: Given, options: RequestOptions = {}): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const sent = httpsRequest(
    {
      host: '127.0.0.1',
      servername: 'localhost',
      port,
      path: '/oauth/token',
      method: 'POST',
      headers,
      ca: authority.pem,
      agent: false,
      ...options,
    },
    async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString()
      const type = { 'content-type': answer.headers['content-type'] ?? '', 'cache-control': 'no-store' }
      resolve(new Response(text, { status: answer.statusCode ?? 0, headers: type }))
    },
  )
  sent.on('error', reject)
  sent.end(form(given).toString())
  return promise
}

test('RFC 8705 §2: the built-in TLS listener', async (t) => {
  const { server: own, port, close } = await tlsServer()
  t.after(close)
  const tlsClientAuth = { kind: 'san_dns', value: 'client.test' } as const
  const client = await aMachine({ tokenEndpointAuthMethod: 'tls_client_auth', tlsClientAuth }, own)
  const body = { ...request, client_id: client.id }
  const show = ({ pem, privateKeyPem }: TestCertificate) => ({ cert: pem, key: privateKeyPem })

  await t.test('discovery names both methods', async () => {
    assert.deepEqual(await offered(own), methods)
  })
  await t.test('a certificate of a trusted authority', async () => {
    await granted(await post(port, body, show(certificate)))
  })
  await t.test('a certificate of somebody else with the right name', async () => {
    const forged = aCertificate({ subject, alternativeNames: [['dns', 'client.test']] })
    await assertJsonRefusal(own, await post(port, body, show(forged)), wrongProof)
  })
  await t.test('a self-signed certificate that is registered', async () => {
    const self = aCertificate({ subject: [['CN', 'self']] })
    const { kty = '', crv = '', x = '', y = '' } = self.privateKey.export({ format: 'jwk' })
    const jwks = { keys: [{ kty, crv, x, y, x5c: [self.raw.toString('base64')] }] }
    const selfSigned = await aMachine({ tokenEndpointAuthMethod: 'self_signed_tls_client_auth', jwks }, own)
    await granted(await post(port, { ...request, client_id: selfSigned.id }, show(self)))
  })
  await t.test('no certificate: the connection stands, the client is refused', async () => {
    await assertJsonRefusal(own, await post(port, body), wrongMethod)
  })
  await t.test('headers do not stand in for a certificate', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', ...headersOf(certificate) }
    await assertJsonRefusal(own, await post(port, body, { headers }), wrongMethod)
  })
  await t.test('TLS 1.1 is refused, 1.2 has forward secrecy', async () => {
    const dial = async (options: object) => {
      const socket = connect({
        host: '127.0.0.1',
        port,
        servername: 'localhost',
        ca: authority.pem,
        ...options,
      })
      await once(socket, 'secureConnect')
      const { name } = socket.getCipher()
      socket.destroy()
      return name
    }
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
    await assert.rejects(dial(old))
    const tls12 = { maxVersion: 'TLSv1.2' }
    assert.match(await dial(tls12), /^ECDHE-ECDSA-AES(?:128|256)-GCM/)
    await assert.rejects(dial({ ...tls12, ciphers: 'ECDHE-ECDSA-AES128-SHA256' }))
    await assert.rejects(dial({ ...tls12, ciphers: 'AES128-GCM-SHA256' }))
  })
})

const methods = ['tls_client_auth', 'self_signed_tls_client_auth'] as const

async function offered(by: TestServer): Promise<readonly string[]> {
  const document = await json(await by.fetch(`${by.issuer}.well-known/openid-configuration`))
  const announced = document.token_endpoint_auth_methods_supported
  assert.ok(Array.isArray(announced))
  return methods.filter((method) => announced.includes(method))
}

test('RFC 8705 §2: discovery names both methods where named proxies show certificates', async () => {
  assert.deepEqual(await offered(server), methods)
})

test('RFC 8705 §6.3: where no certificate can arrive, headers are ignored and no method that needs one is offered', async (t) => {
  const rows = [
    { name: 'nobody in front', settings: {} },
    { name: 'a number of proxies', settings: { trustedProxies: 1 } },
    { name: 'a named proxy that was not said to show any', settings: { trustedProxies: ['127.0.0.1'] } },
  ]
  for (const { name, settings } of rows)
    await t.test(name, async () => {
      const bare = await startTestServer({ settings })
      try {
        await bare.anApi()
        const tlsClientAuth = { kind: 'san_dns', value: 'client.test' } as const
        const client = await aMachine({ tokenEndpointAuthMethod: 'tls_client_auth', tlsClientAuth }, bare)
        const response = await token(bare, { ...request, client_id: client.id }, headersOf(certificate))
        await assertJsonRefusal(bare, response, wrongMethod)
        assert.deepEqual(await offered(bare), [])
        await allowRegistration(bare, openToAll)
        const metadata = { redirect_uris: ['https://client.test/'], tls_client_auth_san_dns: 'client.test' }
        for (const token_endpoint_auth_method of methods)
          await assertJsonRefusal(bare, await register(bare, { ...metadata, token_endpoint_auth_method }), {
            error: 'invalid_client_metadata',
            rule: 'registration.auth_method_unsupported',
          })
      } finally {
        await bare.close()
      }
    })
})
