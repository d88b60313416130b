import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, test } from 'node:test'
import { SignJWT } from 'jose'
import { FetchRefused, type OutgoingRequest } from '../../src/domain/ports.ts'
import { hashed } from '../../src/domain/secrets.ts'
import { startTestServer, type TestClient } from '../../src/testkit/testkit.ts'
import { allowRegistration, callback, openToAll, register, registered } from './registrations.ts'
import { assertJsonRefusal, claimsOf, codeFor, granted, json, redeem, rowsOf } from './requests.ts'

const pages = new Map<string, string>()
const server = await startTestServer({
  settings: {
    attackProtection: { registrationsPerAddress: 1000 },
    trustedProxies: ['10.0.0.1'],
    clientCertificateHeaders: 'auth0',
  },
  fetcher: {
    async fetch({ url }: OutgoingRequest) {
      const text = pages.get(url)
      if (text === undefined) throw new FetchRefused('nobody answers')
      return { status: 200, contentType: 'application/json', text }
    },
  },
})
after(() => server.close())
await allowRegistration(server, openToAll)
const user = await server.aUser()

test('RFC 7591 §3.2.1: a registration is answered with 201, the client and all that is in force', async () => {
  const response = await register(server, {
    redirect_uris: [callback],
    client_name: 'Planner',
    'client_name#ja': 'プランナー',
    logo_uri: 'https://app.test/logo.png',
    contacts: ['dev@app.test'],
    unheard_of: 1,
  })
  assert.equal(response.status, 201)
  assert.equal(response.headers.get('cache-control'), 'no-store')
  const { client_id, client_secret, registration_access_token, registration_client_uri, ...rest } =
    await json(response)
  assert.match(String(client_id), /^tpc_[\w-]{22}$/)
  assert.match(String(client_secret), /^[\w-]{64}$/)
  assert.match(String(registration_access_token), /^[\w-]{43}$/)
  assert.equal(registration_client_uri, `${server.issuer}oidc/register/${client_id}`)
  assert.deepEqual(rest, {
    client_id_issued_at: server.now(),
    client_secret_expires_at: 0,
    redirect_uris: [callback],
    client_name: 'Planner',
    'client_name#ja': 'プランナー',
    logo_uri: 'https://app.test/logo.png',
    contacts: ['dev@app.test'],
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    application_type: 'web',
  })
})

test('RFC 7591 §2: a public client gets no secret, and PKCE is required of it', async () => {
  const information = await registered(server, { token_endpoint_auth_method: 'none' })
  assert.deepEqual(
    [information.client_secret, 'client_secret_expires_at' in information],
    ['undefined', false],
  )
  const client = await rowsOf(server).clients.find(information.client_id as TestClient['id'])
  assert.deepEqual([client?.pkce.required, client?.isFirstParty, client?.secrets], [true, false, []])
})

test('RFC 7591 §3.2.1: a client that registered itself signs owners in, who are always asked', async () => {
  const information = await registered(server, { grant_types: ['authorization_code', 'refresh_token'] })
  const stored = await rowsOf(server).clients.find(information.client_id as TestClient['id'])
  assert.ok(stored)
  const client: TestClient = { ...stored, secret: information.client_secret }
  const given = {
    scope: 'openid offline_access',
    code_challenge: undefined,
    code_challenge_method: undefined,
  }
  const code = await codeFor(server, { client, user }, given)
  const tokens = await granted(await redeem(server, client, code, { code_verifier: undefined }))
  assert.equal(claimsOf(tokens.id_token).aud, information.client_id)
  assert.ok(tokens.refresh_token)
  const consents = await rowsOf(server).consents.list(user.id, { limit: 10 })
  assert.ok(consents.items.some(({ clientId }) => clientId === information.client_id))
})

test('RFC 7591 §2: what is left open is filled in by what is said', async (t) => {
  const rows = [
    {
      name: 'response types need grants',
      given: { response_types: ['code id_token'] },
      got: { grant_types: ['authorization_code', 'implicit'], application_type: 'web' },
    },
    {
      name: 'the implicit grant alone',
      given: { response_types: ['id_token', 'token id_token'] },
      got: { grant_types: ['implicit'] },
    },
    {
      name: 'grants without a browser',
      given: { grant_types: ['client_credentials'], redirect_uris: undefined },
      got: { response_types: [], redirect_uris: [] },
    },
    {
      name: 'RFC 8252 §7.3: a loopback client is native',
      given: { redirect_uris: ['http://127.0.0.1:1234/callback'], token_endpoint_auth_method: 'none' },
      got: { application_type: 'native' },
    },
    {
      name: 'RFC 8252 §7.1: a private scheme is native',
      given: { redirect_uris: ['com.example.app:/callback'] },
      got: { application_type: 'native' },
    },
    { name: 'null says nothing', given: { application_type: null }, got: { application_type: 'web' } },
  ]
  for (const { name, given, got } of rows) {
    await t.test(name, async () => {
      const information = await registered(server, given)
      for (const [member, value] of Object.entries(got)) assert.deepEqual(information[member], value)
    })
  }
})

test('RFC 7591 §2: everything that OpenID Connect and its companions register is in force', async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one' }
  const metadata = {
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    jwks: { keys: [jwk] },
    id_token_signed_response_alg: 'ES256',
    id_token_encrypted_response_alg: 'RSA-OAEP-256',
    userinfo_signed_response_alg: 'RS256',
    request_object_signing_alg: 'RS256',
    request_uris: ['https://app.test/request.jwt#hash'],
    default_max_age: 60,
    require_auth_time: true,
    default_acr_values: ['1'],
    subject_type: 'pairwise',
    post_logout_redirect_uris: ['https://app.test/'],
    backchannel_logout_uri: 'https://app.test/logout',
    backchannel_logout_session_required: true,
    frontchannel_logout_uri: 'https://app.test/front',
    initiate_login_uri: 'https://app.test/login',
    policy_uri: 'https://app.test/policy',
    tos_uri: 'https://app.test/terms',
    require_pushed_authorization_requests: true,
    require_signed_request_object: true,
  }
  const information = await registered(server, metadata)
  for (const [name, value] of Object.entries(metadata)) assert.deepEqual(information[name], value, name)
  const client = await rowsOf(server).clients.find(information.client_id as TestClient['id'])
  assert.ok(client)
  assert.deepEqual(client.jwks, { keys: [jwk] })
  assert.deepEqual(client.idToken, {
    signingAlgorithm: 'ES256',
    lifetimeSeconds: 3600,
    encryption: { keyManagement: 'RSA-OAEP-256', content: 'A128CBC-HS256' },
  })
  assert.deepEqual(client.requestObject, { signingAlgorithm: 'RS256', required: true })
  assert.deepEqual(
    [client.defaultMaxAgeSeconds, client.requireAuthTime, client.pairwise, client.userInfo],
    [60, true, {}, { signingAlgorithm: 'RS256' }],
  )
  assert.deepEqual(client.logout, {
    backchannelUri: 'https://app.test/logout',
    backchannelSessionRequired: true,
    frontchannelUri: 'https://app.test/front',
    frontchannelSessionRequired: false,
  })
  assert.deepEqual(
    [client.policyUri, client.tosUri, client.initiateLoginUri, client.requirePushedAuthorizationRequests],
    ['https://app.test/policy', 'https://app.test/terms', 'https://app.test/login', true],
  )
})

test('OIDC Front-Channel Logout §2: the page in the frame is of an origin of the redirection URIs', async (t) => {
  const redirect_uris = ['https://app.test/callback', 'https://other.test:8443/callback']
  for (const frontchannel_logout_uri of ['https://app.test/front', 'https://other.test:8443/'])
    await registered(server, { redirect_uris, frontchannel_logout_uri })
  const rows = [
    { name: 'another host', frontchannel_logout_uri: 'https://evil.test/front' },
    { name: 'a host below', frontchannel_logout_uri: 'https://front.app.test/' },
    { name: 'another port', frontchannel_logout_uri: 'https://app.test:8443/front' },
    { name: 'the default port of another', frontchannel_logout_uri: 'https://other.test/' },
    {
      name: 'another scheme',
      redirect_uris: ['http://localhost/callback'],
      frontchannel_logout_uri: 'https://localhost/front',
    },
    {
      name: 'a scheme of the application',
      redirect_uris: ['com.example.app:/callback'],
      application_type: 'native',
      frontchannel_logout_uri: 'https://app.test/front',
    },
    {
      name: 'no redirection URI at all',
      redirect_uris: [],
      grant_types: ['client_credentials'],
      frontchannel_logout_uri: 'https://app.test/front',
    },
  ]
  for (const { name, ...metadata } of rows)
    await t.test(name, async () => {
      await assertJsonRefusal(server, await register(server, { redirect_uris, ...metadata }), {
        error: 'invalid_client_metadata',
        rule: 'registration.frontchannel_origin',
      })
    })
})

test('RFC 7591 §3.2.2: redirection URIs that tokens must not go to are refused', async (t) => {
  const implicit = { response_types: ['id_token'] }
  const native = { application_type: 'native' }
  const web = { application_type: 'web' }
  const rows = [
    { name: 'none', uris: [], rule: 'registration.redirect_uris_missing' },
    { name: 'relative', uris: ['/callback'], rule: 'registration.redirect_uri_malformed' },
    {
      name: 'a wildcard',
      uris: ['https://*.app.test/callback'],
      rule: 'registration.redirect_uri_malformed',
    },
    { name: 'beyond ASCII', uris: ['https://app.test/ü'], rule: 'registration.redirect_uri_malformed' },
    { name: 'a user name', uris: ['https://user@app.test/'], rule: 'registration.redirect_uri_malformed' },
    { name: 'a fragment', uris: [`${callback}#top`], rule: 'registration.redirect_uri_fragment' },
    { name: 'an empty fragment', uris: [`${callback}#`], rule: 'registration.redirect_uri_fragment' },
    {
      name: 'one of several',
      uris: [callback, `${callback}#top`],
      rule: 'registration.redirect_uri_fragment',
    },
    { name: 'javascript:', uris: ['javascript:alert(1)'], rule: 'registration.redirect_uri_scheme' },
    { name: 'data:', uris: ['data:text/html,x'], rule: 'registration.redirect_uri_scheme' },
    {
      name: 'a private scheme on the web',
      uris: ['com.app:/cb'],
      more: web,
      rule: 'registration.redirect_uri_scheme',
    },
    { name: 'http', uris: ['http://app.test/callback'], rule: 'registration.redirect_uri_insecure' },
    {
      name: 'http, native',
      uris: ['http://app.test/'],
      more: native,
      rule: 'registration.redirect_uri_insecure',
    },
    {
      name: 'implicit by http',
      uris: ['http://app.test/'],
      more: implicit,
      rule: 'registration.implicit_redirect_uri',
    },
    {
      name: 'implicit on localhost',
      uris: ['https://localhost/'],
      more: implicit,
      rule: 'registration.implicit_redirect_uri',
    },
    {
      name: 'after logout',
      uris: [callback],
      more: { post_logout_redirect_uris: ['javascript:alert(1)'] },
      rule: 'registration.redirect_uri_scheme',
    },
  ]
  for (const { name, uris, more, rule } of rows) {
    await t.test(name, async () => {
      await assertJsonRefusal(server, await register(server, { redirect_uris: uris, ...more }), {
        error: 'invalid_redirect_uri',
        rule,
      })
    })
  }
})

test('RFC 7591 §3.2.2: metadata that this server cannot honour is refused', async (t) => {
  const key = { kty: 'RSA', n: 'AQAB', e: 'AQAB' }
  const rows = [
    {
      name: 'a word for a list',
      given: { redirect_uris: callback },
      rule: 'registration.metadata_malformed',
    },
    { name: 'a number for a name', given: { client_name: 1 }, rule: 'registration.metadata_malformed' },
    {
      name: 'a control character',
      given: { client_name: 'a\u0000b' },
      rule: 'registration.metadata_malformed',
    },
    {
      name: 'another application type',
      given: { application_type: 'spa' },
      rule: 'registration.metadata_malformed',
    },
    {
      name: 'a private key',
      given: { jwks: { keys: [{ ...key, d: 'AQAB' }] } },
      rule: 'registration.metadata_malformed',
    },
    {
      name: 'a symmetric key',
      given: { jwks: { keys: [{ kty: 'oct', k: 'AQAB' }] } },
      rule: 'registration.metadata_malformed',
    },
    {
      name: 'the password grant',
      given: { grant_types: ['password'] },
      rule: 'registration.grant_type_unsupported',
    },
    {
      name: 'an unknown grant',
      given: { grant_types: ['urn:unknown'] },
      rule: 'registration.grant_type_unsupported',
    },
    {
      name: 'an unknown response type',
      given: { response_types: ['word'] },
      rule: 'registration.response_type_unsupported',
    },
    {
      name: 'tokens without implicit',
      given: { grant_types: ['authorization_code'], response_types: ['code token'] },
      rule: 'registration.grants_disagree',
    },
    {
      name: 'implicit without tokens',
      given: { grant_types: ['authorization_code', 'implicit'], response_types: ['code'] },
      rule: 'registration.grants_disagree',
    },
    {
      name: 'a logo by http',
      given: { logo_uri: 'http://app.test/logo.png' },
      rule: 'registration.address_insecure',
    },
    {
      name: 'a logo that runs',
      given: { 'logo_uri#de': 'javascript:alert(1)' },
      rule: 'registration.address_insecure',
    },
    {
      name: 'a login by http',
      given: { initiate_login_uri: 'http://app.test/' },
      rule: 'registration.address_insecure',
    },
    {
      name: 'a request by http',
      given: { request_uris: ['http://app.test/'] },
      rule: 'registration.address_insecure',
    },
    {
      name: 'an unknown method',
      given: { token_endpoint_auth_method: 'word' },
      rule: 'registration.auth_method_unsupported',
    },
    {
      name: 'a public machine',
      given: { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] },
      rule: 'registration.public_client',
    },
    {
      name: 'two key sets',
      given: { jwks: { keys: [key] }, jwks_uri: 'https://app.test/jwks' },
      rule: 'registration.two_key_sets',
    },
    {
      name: 'no keys',
      given: { token_endpoint_auth_method: 'private_key_jwt' },
      rule: 'registration.keys_missing',
    },
    {
      name: 'nothing to encrypt to',
      given: { id_token_encrypted_response_alg: 'RSA-OAEP' },
      rule: 'registration.keys_missing',
    },
    {
      name: 'no certificate',
      given: { token_endpoint_auth_method: 'tls_client_auth' },
      rule: 'registration.certificate_name',
    },
    {
      name: 'ID tokens without a signature',
      given: { id_token_signed_response_alg: 'none' },
      rule: 'registration.algorithm_unsupported',
    },
    {
      name: 'another algorithm',
      given: { request_object_signing_alg: 'HS256' },
      rule: 'registration.algorithm_unsupported',
    },
  ]
  for (const { name, given, rule } of rows) {
    await t.test(name, async () => {
      const metadata = { redirect_uris: [callback], ...given }
      await assertJsonRefusal(server, await register(server, metadata), {
        error: 'invalid_client_metadata',
        rule,
      })
    })
  }
})

test('OIDC Registration §5: a sector identifier must list every redirection URI', async (t) => {
  const uri = 'https://sector.test/uris.json'
  const two = [callback, 'https://other.test/callback']
  const rows = [
    {
      name: 'several hosts without one',
      given: { subject_type: 'pairwise' },
      rule: 'registration.sector_missing',
    },
    { name: 'nobody answers', given: { sector_identifier_uri: uri }, rule: 'registration.sector_unreadable' },
    {
      name: 'no JSON',
      page: '<html>',
      given: { sector_identifier_uri: uri },
      rule: 'registration.sector_unreadable',
    },
    {
      name: 'no array',
      page: '{}',
      given: { sector_identifier_uri: uri },
      rule: 'registration.sector_unreadable',
    },
    {
      name: 'one is missing',
      page: JSON.stringify([callback]),
      given: { sector_identifier_uri: uri },
      rule: 'registration.sector_lacks_redirect_uri',
    },
  ]
  for (const { name, page, given, rule } of rows) {
    await t.test(name, async () => {
      if (page === undefined) pages.delete(uri)
      else pages.set(uri, page)
      const response = await register(server, { redirect_uris: two, ...given })
      await assertJsonRefusal(server, response, { error: 'invalid_client_metadata', rule })
    })
  }
  pages.set(uri, JSON.stringify(two))
  const given = { redirect_uris: two, subject_type: 'pairwise', sector_identifier_uri: uri }
  const { client_id } = await registered(server, given)
  const client = await rowsOf(server).clients.find(client_id as TestClient['id'])
  assert.deepEqual(client?.pairwise, { sectorIdentifierUri: uri })
})

test('RFC 7591 §3.1: the body must be a JSON object', async (t) => {
  const rows = [
    { name: 'a form', type: 'application/x-www-form-urlencoded', body: 'a=b', rule: 'body.json_expected' },
    { name: 'no JSON', type: 'application/json', body: '{', rule: 'body.malformed_json' },
    { name: 'a list', type: 'application/json', body: '[]', rule: 'body.no_object' },
  ]
  for (const { name, type, body, rule } of rows) {
    await t.test(name, async () => {
      const headers = { 'content-type': type }
      const response = await server.fetch(`${server.issuer}oidc/register`, { method: 'POST', headers, body })
      await assertJsonRefusal(server, response, { error: 'invalid_request', rule })
    })
  }
})

test('RFC 7591 §3: the metadata names the endpoint only while clients may register', async () => {
  const metadata = async () => json(await server.fetch(`${server.issuer}.well-known/openid-configuration`))
  assert.equal((await metadata()).registration_endpoint, `${server.issuer}oidc/register`)
  await allowRegistration(server)
  assert.equal('registration_endpoint' in (await metadata()), false)
  await assertJsonRefusal(server, await register(server, { redirect_uris: [callback] }), {
    status: 403,
    error: 'access_denied',
    rule: 'registration.closed',
  })
  await allowRegistration(server, openToAll)
})

test('RFC 7591 §3: where initial access tokens are given out, one of them is needed', async (t) => {
  const token = 'an-initial-access-token-of-32-characters'
  await allowRegistration(server, { ...openToAll, initialAccessTokens: [hashed('another'), hashed(token)] })
  t.after(() => allowRegistration(server, openToAll))
  for (const presented of [undefined, 'wrong', hashed(token)]) {
    const response = await register(server, { redirect_uris: [callback] }, presented)
    assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer .*error="invalid_token"/)
    await assertJsonRefusal(server, response, {
      status: 401,
      error: 'invalid_token',
      rule: 'registration.initial_token_invalid',
    })
  }
  assert.equal((await register(server, { redirect_uris: [callback] }, token)).status, 201)
})

test('RFC 7591 §2.3: a software statement of a trusted issuer wins over what the client says', async (t) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = 'https://statements.test/'
  const jwks = JSON.parse(JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }))
  await allowRegistration(server, {
    ...openToAll,
    softwareStatementIssuers: [{ issuer, jwks }],
  })
  t.after(() => allowRegistration(server, openToAll))
  const statement = (claims: object, key = privateKey) =>
    new SignJWT({ iss: issuer, software_id: 'planner', ...claims })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(key)

  await t.test('it is echoed, and its members are in force', async () => {
    const software_statement = await statement({ client_name: 'Vouched for' })
    const information = await registered(server, { client_name: 'Chosen', software_statement })
    const { client_name, software_id } = information
    assert.deepEqual(
      [client_name, software_id, information.software_statement],
      ['Vouched for', 'planner', software_statement],
    )
  })
  const rows = [
    { name: 'no JWT', make: () => 'word', rule: 'software_statement.malformed' },
    { name: 'no text', make: () => 1, rule: 'software_statement.malformed' },
    {
      name: 'without an issuer',
      make: () => statement({ iss: undefined }),
      rule: 'software_statement.malformed',
    },
    { name: 'expired', make: () => statement({ exp: server.now() }), rule: 'software_statement.malformed' },
    {
      name: 'not yet',
      make: () => statement({ nbf: server.now() + 1 }),
      rule: 'software_statement.malformed',
    },
    {
      name: 'a statement in it',
      make: () => statement({ software_statement: 'x' }),
      rule: 'software_statement.malformed',
    },
    {
      name: 'signed by a stranger',
      make: () => statement({}, stranger.privateKey),
      rule: 'software_statement.wrong_signature',
    },
    {
      name: 'not signed',
      make: () =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: issuer })).toString('base64url')}.`,
      rule: 'software_statement.wrong_signature',
    },
    {
      name: 'of nobody known',
      make: () => statement({ iss: 'https://evil.test/' }),
      rule: 'software_statement.untrusted_issuer',
    },
  ]
  for (const { name, make, rule } of rows) {
    await t.test(name, async () => {
      const software_statement = await make()
      const response = await register(server, { redirect_uris: [callback], software_statement })
      const error = rule.endsWith('issuer') ? 'unapproved_software_statement' : 'invalid_software_statement'
      await assertJsonRefusal(server, response, { error, rule })
    })
  }
  await t.test('what it says is checked like everything else', async () => {
    const software_statement = await statement({ logo_uri: 'javascript:alert(1)' })
    await assertJsonRefusal(
      server,
      await register(server, { redirect_uris: [callback], software_statement }),
      { error: 'invalid_client_metadata', rule: 'registration.address_insecure' },
    )
  })
})

test('RFC 7591 §3.2.1: a page may register a client, with no cookie', async () => {
  const url = `${server.issuer}oidc/register`
  const preflight = await server.fetch(url, { method: 'OPTIONS', headers: { origin: 'https://any.test' } })
  assert.equal(preflight.headers.get('access-control-allow-origin'), '*')
  const response = await register(server, { redirect_uris: [callback] })
  assert.equal(response.headers.get('access-control-allow-origin'), '*')
  assert.equal(response.headers.get('access-control-allow-credentials'), null)
})

test('RFC 7591 §3.1: hundreds register in no time, where the operator lets them', async () => {
  const started = await Promise.all(Array.from({ length: 200 }, () => registered(server)))
  assert.equal(new Set(started.map(({ client_id }) => client_id)).size, 200)
})
