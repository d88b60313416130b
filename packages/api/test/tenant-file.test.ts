import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTenantFile, pathText } from '../src/api.ts'

function mistakes(document: unknown): readonly string[] {
  return parseTenantFile(document).mistakes.map(({ path, message }) => `${pathText(path)}: ${message}`)
}

/** The one mistake of a client that is right but for `members`. */
function clientMistake(members: Readonly<Record<string, unknown>>): string {
  const [only, ...more] = mistakes({ clients: [{ name: 'App', ...members }] })
  assert.deepEqual(more, [])
  return only ?? 'none'
}

test('every kind of entry in the shape that deploy-cli exports is accepted', () => {
  const file = parseTenantFile({
    tenant: {
      friendly_name: 'Example',
      picture_url: 'https://example.com/logo.png',
      support_email: 'Help@Example.com',
      support_url: 'https://example.com/help',
      default_audience: 'https://api.example.com/',
      session_lifetime: 168,
      idle_session_lifetime: 0.5,
      flags: { enable_sso: true, revoke_refresh_token_grant: false },
      enabled_locales: ['en'],
      sandbox_version: '22',
      session_cookie: { mode: 'persistent' },
    },
    clients: [
      {
        name: 'Web',
        client_id: 'web',
        client_secret: 'x'.repeat(64),
        app_type: 'regular_web',
        is_first_party: true,
        oidc_conformant: true,
        callbacks: ['https://app.example.com/callback', 'http://localhost:3000/callback'],
        allowed_logout_urls: ['https://app.example.com'],
        web_origins: [],
        grant_types: ['authorization_code', 'implicit', 'refresh_token', 'urn:example:grant'],
        jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36000, secret_encoded: false },
        refresh_token: {
          rotation_type: 'non-rotating',
          expiration_type: 'non-expiring',
          leeway: 0,
          token_lifetime: 2592000,
          idle_token_lifetime: 1296000,
          infinite_token_lifetime: true,
          infinite_idle_token_lifetime: true,
        },
        token_endpoint_auth_method: 'client_secret_post',
        sso_disabled: false,
        cross_origin_authentication: false,
        custom_login_page_on: true,
        is_token_endpoint_ip_header_trusted: false,
        native_social_login: { apple: { enabled: false }, facebook: { enabled: false } },
        organization_usage: 'deny',
        compliance_level: 'none',
        par_request_expiry: null,
        logo_uri: '',
        client_metadata: { team: 'web' },
      },
    ],
    resourceServers: [
      {
        name: 'API',
        identifier: 'https://api.example.com/',
        signing_alg: 'RS256',
        scopes: [{ value: 'read:contacts', description: 'Read contacts' }],
        enforce_policies: false,
        token_dialect: 'rfc9068_profile',
        subject_type_authorization: {
          user: { policy: 'allow_all' },
          client: { policy: 'require_client_grant' },
        },
      },
    ],
    clientGrants: [{ client_id: 'Web', audience: 'https://api.example.com/', scope: ['read:contacts'] }],
    databases: [
      {
        name: 'Username-Password-Authentication',
        strategy: 'auth0',
        enabled_clients: ['Web'],
        is_domain_connection: false,
        options: {
          mfa: { active: true, return_enroll_settings: true },
          passwordPolicy: 'good',
          import_mode: false,
          customScripts: {},
          password_history: { enable: false, size: 5 },
          password_dictionary: { enable: false, dictionary: [] },
          brute_force_protection: true,
          authentication_methods: { password: { enabled: true }, passkey: { enabled: false } },
        },
      },
    ],
    users: [
      { user_id: '507f1f77bcf86cd799439020', email: 'Ada@Example.com', user_metadata: { a: [1, null] } },
    ],
    roles: [],
    triggers: { 'post-login': [] },
  })
  assert.deepEqual(file.mistakes, [])
  assert.equal(file.users[0]?.entry.email, 'ada@example.com')
  assert.equal(file.tenant?.entry.support_email, 'help@example.com')
})

test('all mistakes of a file are told at once, each with its path, and none repeats a value', () => {
  const found = mistakes({
    tenant: {
      session_lifetime: 0,
      freindly_name: 'hunter2',
      flags: { mfa_show_factor_list_on_enrollment: true },
    },
    clients: [
      { name: 'A', client_secret: 'hunter2', callbacks: ['https://ok.example/', 'javascript:hunter2'] },
      { name: 'A', app_type: 'hunter2', sso_disabled: true, callback: ['x'] },
      'hunter2',
    ],
    resourceServers: [{ scopes: [{ value: 'two words' }, { value: 'openid' }] }, { identifier: 'a b' }],
    clientGrants: {},
    databases: [{ name: 'db', strategy: 'google-oauth2', options: { import_mode: true } }],
    users: [{ email: 'hunter2', password: 'short', user_metadata: { x: Number.NaN } }],
    rules: [{ name: 'hunter2' }],
    client: [{}],
  })
  assert.deepEqual(found, [
    'clientGrants: expected a list',
    'rules: is not supported by this version; remove it',
    'client: is no known member; did you mean clients?',
    'tenant.session_lifetime: expected hours from a minute (0.0167) to 8760',
    'tenant.flags.mfa_show_factor_list_on_enrollment: is not supported by this version; remove it',
    'tenant.freindly_name: is no known member; did you mean friendly_name?',
    'clients[0].client_secret: expected at least 32 characters',
    'clients[0].callbacks[1]: the scheme javascript is refused',
    'clients[1].sso_disabled: is not supported by this version; remove it',
    'clients[1].app_type: expected one of native, spa, regular_web, non_interactive, resource_server',
    'clients[1].callback: is no known member; did you mean callbacks?',
    'clients[2]: expected a group of members such as { name: … }',
    'resourceServers[0].identifier: is required',
    'resourceServers[0].scopes[0].value: expected printable ASCII without space, " and \\ (RFC 6749 §3.3)',
    'resourceServers[0].scopes[1].value: is a scope of OpenID Connect and cannot belong to an API',
    'resourceServers[1].identifier: expected printable ASCII without spaces',
    'databases[0].options.import_mode: is not supported by this version; remove it',
    'databases[0].strategy: expected auth0: a database of this server',
    'users[0].email: expected an e-mail address',
    'users[0].password: expected at least 8 characters',
    'users[0].user_metadata.x: has a form that is not accepted here',
  ])
})

const acceptedCallbacks = [
  { name: 'https', callback: 'https://app.example.com/callback' },
  {
    name: 'https with a query (RFC 6749 §3.1.2)',
    callback: 'https://app.example.com/callback?tenant=a&b=%20',
  },
  { name: 'https with a port', callback: 'https://app.example.com:8443/' },
  { name: 'http at localhost', callback: 'http://localhost:3000/callback' },
  { name: 'http at a name under localhost', callback: 'http://app.localhost/callback' },
  { name: 'http at 127.0.0.1 (RFC 8252 §7.3)', callback: 'http://127.0.0.1/callback' },
  { name: 'http at [::1] (RFC 8252 §7.3)', callback: 'http://[::1]:9999/callback' },
  { name: 'a private scheme (RFC 8252 §7.1)', callback: 'com.example.app:/callback' },
  {
    name: "a private scheme as Auth0's SDKs write it",
    callback: 'com.example.app.auth0://tenant.example.com/ios/com.example.app/callback',
  },
  { name: 'a star as the left-most label', callback: 'https://*.example.com/callback' },
  { name: 'a star inside the left-most label', callback: 'https://pr-*.preview.example.com/callback' },
]
for (const { name, callback } of acceptedCallbacks) {
  test(`a callback is accepted: ${name}`, () => {
    assert.deepEqual(mistakes({ clients: [{ name: 'App', callbacks: [callback] }] }), [])
  })
}

const refusedCallbacks = [
  {
    name: 'plain http at a public host (RFC 9700 §2.6)',
    callback: 'http://app.example.com/',
    expected: /expected https/,
  },
  {
    name: 'plain http at a host that looks like loopback',
    callback: 'http://127.evil.example/',
    expected: /expected https/,
  },
  {
    name: 'plain http at localhost.example.com',
    callback: 'http://localhost.example.com/',
    expected: /expected https/,
  },
  { name: 'a fragment (RFC 6749 §3.1.2)', callback: 'https://app.example.com/#x', expected: /fragment/ },
  { name: 'an empty fragment', callback: 'https://app.example.com/#', expected: /fragment/ },
  { name: 'a user name', callback: 'https://user@app.example.com/', expected: /user name/ },
  { name: 'a path alone (RFC 6749 §3.1.2)', callback: '/callback', expected: /absolute address/ },
  { name: 'nothing', callback: '', expected: /absolute address/ },
  { name: 'javascript:', callback: 'javascript:alert(1)', expected: /scheme javascript is refused/ },
  {
    name: 'JavaScript: in other capitals',
    callback: 'JaVaScRiPt:alert(1)',
    expected: /scheme javascript is refused/,
  },
  { name: 'data:', callback: 'data:text/html,x', expected: /scheme data is refused/ },
  { name: 'vbscript:', callback: 'vbscript:x', expected: /scheme vbscript is refused/ },
  { name: 'file:', callback: 'file:///etc/passwd', expected: /scheme file is refused/ },
  { name: 'blob:', callback: 'blob:https://app.example.com/x', expected: /scheme blob is refused/ },
  {
    name: 'a tab that a browser would drop',
    callback: 'java\tscript:alert(1)',
    expected: /control characters|ASCII/,
  },
  { name: 'a space', callback: 'https://app.example.com/a b', expected: /ASCII/ },
  {
    name: 'a back slash that a browser would turn',
    callback: 'https:\\\\app.example.com',
    expected: /ASCII/,
  },
  { name: 'a letter that is not ASCII', callback: 'https://bücher.example/', expected: /ASCII/ },
  { name: 'no slashes after the scheme', callback: 'https:app.example.com', expected: /:\/\// },
  { name: 'three slashes after the scheme', callback: 'https:///app.example.com', expected: /:\/\// },
  { name: 'capitals in the scheme', callback: 'HTTPS://app.example.com/', expected: /lower-case scheme/ },
  { name: 'a star for the whole host', callback: 'https://*/callback', expected: /left-most label/ },
  {
    name: 'a star under a top-level domain',
    callback: 'https://*.com/callback',
    expected: /left-most label/,
  },
  { name: 'a star in another label', callback: 'https://app.*.example.com/', expected: /left-most label/ },
  { name: 'two stars', callback: 'https://*.*.example.com/', expected: /left-most label/ },
  { name: 'a star in the path', callback: 'https://app.example.com/*', expected: /left-most label/ },
  {
    name: 'a star in the port',
    callback: 'https://app.example.com:*/',
    expected: /absolute address|left-most label/,
  },
  {
    name: 'a star in a private scheme',
    callback: 'com.example.app://*.example.com/',
    expected: /needs http or https/,
  },
  {
    name: 'a placeholder of organizations',
    callback: 'https://{organization_name}.example.com/',
    expected: /placeholders are not supported/,
  },
]
for (const { name, callback, expected } of refusedCallbacks) {
  test(`a callback is refused: ${name}`, () => {
    const found = mistakes({ clients: [{ name: 'App', callbacks: [callback] }] })
    assert.ok(found.length > 0)
    for (const line of found) assert.match(line, /^clients\[0\]\.callbacks\[0\]: /)
    assert.match(found.join('\n'), expected)
  })
}

test('an origin has nothing after the port (RFC 6454 §4)', () => {
  assert.equal(clientMistake({ web_origins: ['https://app.example.com', 'http://localhost:3000'] }), 'none')
  assert.equal(clientMistake({ allowed_origins: ['capacitor://localhost'] }), 'none')
  assert.match(
    clientMistake({ web_origins: ['https://app.example.com/'] }),
    /web_origins\[0\]: expected an origin/,
  )
  assert.match(clientMistake({ allowed_origins: ['https://app.example.com/a'] }), /expected an origin/)
  assert.match(clientMistake({ allowed_origins: ['null'] }), /allowed_origins\[0\]/)
  assert.match(clientMistake({ allowed_origins: ['*'] }), /allowed_origins\[0\]/)
})

test('addresses that the server shows are web addresses', () => {
  assert.match(clientMistake({ logo_uri: 'javascript:alert(1)' }), /logo_uri: expected a web address/)
  assert.match(clientMistake({ tos_uri: 'http://example.com' }), /tos_uri: expected https/)
  assert.match(clientMistake({ initiate_login_uri: 'http://localhost/login' }), /expected an https address/)
  assert.match(clientMistake({ initiate_login_uri: 'https://example.com/#x' }), /fragment/)
})

const anIssuer = {
  issuer: 'https://idp.test',
  jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA' }] },
  algorithms: ['EdDSA'],
  subjects: 'all',
}

const refusedMembers: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, RegExp]>> = {
  'a client_id with a space': [{ client_id: 'a b' }, /client_id: expected letters/],
  'a secret with a space': [
    { client_secret: `${'x'.repeat(40)} y` },
    /client_secret: expected printable ASCII/,
  ],
  'a name with markup': [{ name: '<b>App</b>' }, /name: must not contain < or >/],
  'a name of 256 characters': [{ name: 'x'.repeat(256) }, /name: expected at most 255 characters/],
  'a method this version lacks': [{ token_endpoint_auth_method: 'magic' }, /expected one of none/],
  'keys instead of a secret': [
    { client_authentication_methods: { private_key_jwt: { credentials: [{ id: 'x' }] } } },
    /not supported/,
  ],
  'a pushed request for a day': [{ par_request_expiry: 86_400 }, /par_request_expiry/],
  'DPoP required': [{ require_proof_of_possession: true }, /not supported/],
  'organizations required': [{ organization_usage: 'require' }, /organization_usage: is not supported/],
  'a FAPI profile': [{ compliance_level: 'fapi2_sp_pkj_mtls' }, /not supported/],
  'an add-on': [{ addons: { samlp: {}, wsfed: { realm: 'x' } } }, /addons: is not supported/],
  HS256: [{ jwt_configuration: { alg: 'HS256' } }, /jwt_configuration\.alg: expected one of/],
  'an ID token of no lifetime': [{ jwt_configuration: { lifetime_in_seconds: 0 } }, /at least 1/],
  'a fraction of a second': [{ jwt_configuration: { lifetime_in_seconds: 1.5 } }, /a whole number/],
  'a policy without an audience': [
    { refresh_token: { policies: [{ scope: [] }] } },
    /refresh_token\.policies\[0\]\.audience/,
  ],
  'a trusted issuer without keys': [
    {
      valetkey: { trusted_issuers: [{ issuer: 'https://idp.test', algorithms: ['ES256'], subjects: 'all' }] },
    },
    /trusted_issuers\[0\]: expected either jwks or jwks_uri/,
  ],
  'a trusted issuer with a private key': [
    { valetkey: { trusted_issuers: [{ ...anIssuer, jwks: { keys: [{ kty: 'EC', d: 'x' }] } }] } },
    /keys\[0\]: expected a public key/,
  ],
  'a trusted issuer that signs with a secret': [
    { valetkey: { trusted_issuers: [{ ...anIssuer, algorithms: ['HS256'] }] } },
    /algorithms\[0\]: expected one of RS256/,
  ],
  'a trusted issuer with keys on plain http': [
    { valetkey: { trusted_issuers: [{ ...anIssuer, jwks: undefined, jwks_uri: 'http://idp.test/' }] } },
    /jwks_uri: expected an https address/,
  ],
  'a grant type with a space (RFC 6749 §A.10)': [{ grant_types: ['a b'] }, /grant_types\[0\]/],
  'eleven entries of metadata': [
    { client_metadata: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, 'v'])) },
    /client_metadata: expected at most 10 entries/,
  ],
  'metadata that is no text': [{ client_metadata: { a: 1 } }, /client_metadata\.a: expected text/],
  'true as text': [{ is_first_party: 'true' }, /is_first_party: expected true or false/],
  'one callback without a list': [{ callbacks: 'https://a.example' }, /callbacks: expected a list/],
  'an unknown member of ours': [
    { valetkey: { pkce: { requird: true } } },
    /valetkey\.pkce\.requird: is no known/,
  ],
}
for (const [name, [members, expected]] of Object.entries(refusedMembers)) {
  test(`a client is refused: ${name}`, () => assert.match(clientMistake(members), expected))
}

test('null is the same as absent, as Auth0 writes it', () => {
  assert.equal(clientMistake({ logo_uri: null, refresh_token: null, par_request_expiry: null }), 'none')
})

test('an API that signs with a shared secret or speaks another dialect is not supported', () => {
  const found = mistakes({
    resourceServers: [
      {
        identifier: 'a',
        signing_alg: 'HS256',
        token_dialect: 'word',
        subject_type_authorization: { client: { policy: 'allow_all' } },
        token_lifetime: 2_592_001,
      },
    ],
  })
  assert.deepEqual(
    found.map((line) => line.split(':')[0]),
    [
      'resourceServers[0].signing_alg',
      'resourceServers[0].token_dialect',
      'resourceServers[0].token_lifetime',
      'resourceServers[0].subject_type_authorization.client.policy',
    ],
  )
})

test('a database that is switched off, or without passwords, is not supported', () => {
  const found = mistakes({
    databases: [
      { name: 'a', authentication: { active: false } },
      { name: 'b', options: { authentication_methods: { password: { enabled: false } } } },
      { name: 'c', options: { password_history: { enable: true, size: 5 } } },
      { name: 'd', options: { something_new: true } },
    ],
  })
  assert.deepEqual(
    found.map((line) => line.split(':')[0]),
    [
      'databases[0].authentication',
      'databases[1].options.authentication_methods.password',
      'databases[2].options.password_history.enable',
      'databases[3].options.something_new',
    ],
  )
})

test('what must be unique may stand only once', () => {
  const found = mistakes({
    clients: [
      { name: 'A', client_id: 'x' },
      { name: 'B', client_id: 'x' },
      { name: 'A', client_id: 'y' },
    ],
    resourceServers: [{ identifier: 'api', scopes: [{ value: 'a' }, { value: 'a' }] }, { identifier: 'api' }],
    clientGrants: [
      { client_id: 'A', audience: 'api' },
      { client_id: 'A', audience: 'api', subject_type: 'user' },
      { client_id: 'A', audience: 'api', subject_type: 'client' },
    ],
    databases: [{ name: 'db' }, { name: 'db' }],
    users: [
      { email: 'a@example.com', user_id: 'auth0|1' },
      { email: 'A@EXAMPLE.com', user_id: '1' },
      { email: 'a@example.com', connection: 'db' },
      { username: 'ada' },
      { username: 'ADA' },
    ],
  })
  assert.deepEqual(
    found.map((line) => line.replace(': stands twice in this file', '')),
    [
      'clients[1].client_id',
      'clients[2].name',
      'resourceServers[1].identifier',
      'databases[1].name',
      'clientGrants[2].client_id',
      'resourceServers[0].scopes[1].value: stands twice in this API',
      'users[1].user_id',
      'users[1].email',
      'users[4].username',
    ],
  )
})

test('text that no store can hold is refused wherever it stands', () => {
  const found = mistakes({
    clients: [{ name: 'a\u0000b', client_metadata: { 'k\u0007': 'v', half: '\ud800' } }],
    users: [{ email: 'a@example.com', user_metadata: { deep: [{ x: 'a\u0000' }], lines: 'a\nb\tc' } }],
  })
  assert.deepEqual(found, [
    'clients[0].name: must not contain control characters',
    'clients[0].client_metadata.k\u0007: must not contain control characters',
    'clients[0].client_metadata.half: is not valid Unicode text',
    'users[0].user_metadata.deep[0].x: must not contain control characters',
  ])
})

test('RFC 6749 §A.1: a client_id needs no escaping anywhere', () => {
  assert.equal(clientMistake({ client_id: 'Az09._~-' }), 'none')
  for (const client_id of ['a b', 'a/b', 'ü', 'x'.repeat(129), ''])
    assert.match(clientMistake({ client_id }), /^clients\[0\]\.client_id: (expected|must not be empty)/)
})

test('RFC 6749 §A.10: a grant type is a name or an absolute URI', () => {
  assert.equal(
    clientMistake({ grant_types: ['client_credentials', 'urn:example:otp', 'http://example.com/otp'] }),
    'none',
  )
  for (const grant of ['a b', '', ':x', 'urn:exämple'])
    assert.match(
      clientMistake({ grant_types: [grant] }),
      /^clients\[0\]\.grant_types\[0\]: (expected|must not be empty)/,
    )
})

test('RFC 6749 §10.10: a client secret that could be guessed is refused', () => {
  assert.match(clientMistake({ client_secret: 'x'.repeat(31) }), /client_secret: expected at least 32/)
})

test('OpenID Connect Core §5.4 and §11: an API cannot define the scopes that have a meaning already', () => {
  for (const value of ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'])
    assert.match(
      mistakes({ resourceServers: [{ identifier: 'api', scopes: [{ value }] }] }).join(),
      /OpenID Connect/,
    )
})

test('OpenID Connect Core §4: a login is initiated at an https address', () => {
  assert.equal(clientMistake({ initiate_login_uri: 'https://app.example.com/login' }), 'none')
  assert.match(
    clientMistake({ initiate_login_uri: 'http://app.example.com/login' }),
    /expected an https address/,
  )
})

test('OpenID Connect Core §5.1: claims of a user have the form that the specification gives them', () => {
  const right = {
    birthdate: '0000-12-10',
    picture: 'https://example.com/ada.png',
    phone_number: '+14155550100',
  }
  assert.deepEqual(mistakes({ users: [{ email: 'a@example.com', ...right }] }), [])
  const wrong = {
    birthdate: '10.12.1815',
    picture: 'javascript:x',
    phone_number: '555',
    address: { planet: 'x' },
  }
  assert.deepEqual(
    mistakes({ users: [{ email: 'a@example.com', ...wrong }] }).map((line) => line.split(':')[0]),
    ['users[0].phone_number', 'users[0].picture', 'users[0].birthdate', 'users[0].address.planet'],
  )
})

test('nesting is bounded', () => {
  let deep: unknown = 'x'
  for (let level = 0; level < 5000; level++) deep = [deep]
  const found = mistakes({ users: [{ email: 'a@example.com', user_metadata: { deep } }] })
  assert.equal(found.length, 1)
  assert.match(found.join(), /is nested too deeply$/)
})

const bcrypt = '$2b$10$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234'
const argon2 = '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzYWx0$RdescudvJCsgt3ub+b4dWRWJTmaaJObG0123456789A'

test('hashes from elsewhere are accepted as text and as Auth0 imports them', () => {
  for (const password_hash of [
    bcrypt,
    argon2,
    { algorithm: 'bcrypt', hash: { value: bcrypt } },
    { algorithm: 'argon2', value: argon2 },
  ]) {
    const file = parseTenantFile({ users: [{ email: 'a@example.com', password_hash }] })
    assert.deepEqual(file.mistakes, [])
    assert.ok([bcrypt, argon2].includes(String(file.users[0]?.entry.password_hash)))
  }
})

const refusedHashes: Readonly<Record<string, unknown>> = {
  md5: '5f4dcc3b5aa765d61d8327deb882cf99',
  'a password': 'Analytical-Engine-1843',
  'bcrypt of a cost that would block the server': bcrypt.replace('$10$', '$31$'),
  'argon2 with more memory than a server has': argon2.replace('m=65536', 'm=9999999'),
  'argon2 with a hundred passes': argon2.replace('t=3', 't=99'),
  'an algorithm this version lacks': { algorithm: 'md5', hash: { value: 'x' } },
}
for (const [name, password_hash] of Object.entries(refusedHashes)) {
  test(`a hash is refused: ${name}`, () => {
    const found = mistakes({ users: [{ email: 'a@example.com', password_hash }] })
    assert.match(found.join(), /^users\[0\]\.password_hash: expected an argon2 hash/)
  })
}

test('a document that is no group of members is one mistake', () => {
  for (const document of [undefined, null, 'text', 5, []])
    assert.match(mistakes(document).join('\n'), /^: expected a group with tenant, clients/)
})

test('an empty group asks for nothing', () => {
  assert.deepEqual(mistakes({}), [])
  assert.deepEqual(mistakes({ clients: null, users: [] }), [])
})
