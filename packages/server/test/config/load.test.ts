import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import type { Config } from '../../src/config/config.ts'
import { type Environment, loadConfig } from '../../src/config/load.ts'

const directory = mkdtempSync(join(tmpdir(), 'valetkey-config-'))
after(() => rmSync(directory, { recursive: true }))

const masterKey = Buffer.alloc(32, 7).toString('base64url')
const postgres = 'postgres://valetkey:hunter2@db:5432/valetkey'

let files = 0
function fileWith(text: string): string {
  files += 1
  const file = join(directory, `${files}.yaml`)
  writeFileSync(file, text)
  return file
}

function loaded(environment: Environment, file?: string): Config {
  const result = loadConfig(file, environment)
  assert.equal(result.kind, 'loaded', result.kind === 'mistaken' ? result.mistakes.join('\n') : '')
  return result.kind === 'loaded' ? result.config : assert.fail()
}

function mistakes(environment: Environment, file?: string): readonly string[] {
  const result = loadConfig(file, environment)
  return result.kind === 'mistaken' ? result.mistakes : assert.fail('the configuration was accepted')
}

test('nothing set gives a server for this machine alone', () => {
  assert.deepEqual(loaded({}), {
    publicUrl: 'http://localhost:4400/',
    listen: { host: '127.0.0.1', port: 4400 },
    tenant: 'main',
    dataDirectory: resolve('data'),
    store: { engine: 'sqlite', sqlite: { file: resolve('data/valetkey.db') } },
    trustedProxies: 0,
    clientCertificateHeaders: 'none',
    attackProtection: {
      failedLoginsPerAccount: 10,
      failedLoginsPerAccountOverall: 100,
      failedLoginsPerAddress: 100,
      userCodesPerUser: 20,
      userCodesPerAddress: 100,
      windowSeconds: 900,
      failedClientSecretsPerAddress: 100,
      clientSecretWindowSeconds: 600,
      registrationsPerAddress: 100,
      registrationWindowSeconds: 3600,
    },
    shutdownGraceSeconds: 25,
    mail: { from: 'Valetkey <no-reply@localhost>' },
    outgoing: { allowedHosts: [] },
    log: { level: 'info' },
    limits: { requestBodyBytes: 65_536 },
  })
})

test('the configuration is frozen to its leaves', () => {
  const config = loaded({ VALETKEY_TRUSTED_PROXIES: '10.0.0.0/8' })
  assert.ok(
    Object.isFrozen(config) && Object.isFrozen(config.listen) && Object.isFrozen(config.trustedProxies),
  )
})

test('the environment wins over the file, setting by setting', () => {
  const file = fileWith('publicUrl: https://file.example\nlisten: { host: 0.0.0.0, port: 1 }\n')
  const config = loaded({ VALETKEY_CONFIG: file, VALETKEY_LISTEN_PORT: '2' })
  assert.equal(config.publicUrl, 'https://file.example/')
  assert.deepEqual(config.listen, { host: '0.0.0.0', port: 2 })
})

test('the option names the file before VALETKEY_CONFIG does', () => {
  const option = fileWith('tenant: from-option')
  const variable = fileWith('tenant: from-variable')
  assert.equal(loaded({ VALETKEY_CONFIG: variable }, option).tenant, 'from-option')
  assert.equal(loaded({ VALETKEY_CONFIG: variable }).tenant, 'from-variable')
})

test('an empty file sets nothing', () => {
  assert.equal(loaded({}, fileWith('# nothing yet\n')).tenant, 'main')
})

test('PostgreSQL is chosen by its address', () => {
  const config = loaded({
    VALETKEY_STORE_POSTGRES_URL: postgres,
    VALETKEY_STORE_POSTGRES_POOL_SIZE: '20',
    VALETKEY_MASTER_KEY: masterKey,
  })
  assert.deepEqual(config.store, { engine: 'postgres', postgres: { url: postgres, poolSize: 20 } })
  assert.equal(config.masterKey, masterKey)
})

test('SQLite in memory has no file', () => {
  const config = loaded({ VALETKEY_STORE_SQLITE_FILE: ':memory:' })
  assert.deepEqual(config.store, { engine: 'sqlite', sqlite: {} })
})

test('RFC 4632 §3.1, RFC 4291 §2.3: trusted proxies are a number, or addresses and networks', () => {
  assert.equal(loaded({ VALETKEY_TRUSTED_PROXIES: '2' }).trustedProxies, 2)
  assert.deepEqual(loaded({ VALETKEY_TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).trustedProxies, [
    '10.0.0.0/8',
    '::1',
  ])
  assert.deepEqual(loaded({}, fileWith('trustedProxies: [192.168.0.0/16]')).trustedProxies, [
    '192.168.0.0/16',
  ])
})

test('RFC 8705 §6.3: only proxies that are named by address may say which certificate a client showed', () => {
  const headers = { VALETKEY_CLIENT_CERTIFICATE_HEADERS: 'auth0' }
  const named = loaded({ ...headers, VALETKEY_TRUSTED_PROXIES: '10.0.0.1' })
  assert.equal(named.clientCertificateHeaders, 'auth0')
  const message =
    /^clientCertificateHeaders \(VALETKEY_CLIENT_CERTIFICATE_HEADERS\): needs trustedProxies to name/
  for (const proxies of [{}, { VALETKEY_TRUSTED_PROXIES: '1' }])
    assert.match(String(mistakes({ ...headers, ...proxies })), message)
  const nobody = fileWith('trustedProxies: []\nclientCertificateHeaders: auth0\n')
  assert.match(String(mistakes({}, nobody)), /^clientCertificateHeaders .*: needs trustedProxies to name/)
  const tls = 'listen: { tls: { certificateFile: a, keyFile: b, clientCaFile: c } }\n'
  assert.match(
    String(mistakes({}, fileWith(`${tls}trustedProxies: 1\n`))),
    /^listen\.tls\.clientCaFile .*: needs trustedProxies to name/,
  )
  for (const proxies of ['0', '[10.0.0.1]']) loaded({}, fileWith(`${tls}trustedProxies: ${proxies}\n`))
})

const publicUrls = {
  'https without a slash': ['https://login.example.com', 'https://login.example.com/'],
  'https with a slash': ['https://login.example.com/', 'https://login.example.com/'],
  'https in capitals with the default port': ['HTTPS://Login.Example.com:443', 'https://login.example.com/'],
  'http at localhost': ['http://localhost:4400', 'http://localhost:4400/'],
  'http at a name under localhost': ['http://login.localhost:4400', 'http://login.localhost:4400/'],
  'http at 127.0.0.1': ['http://127.0.0.1:4400', 'http://127.0.0.1:4400/'],
  'http at [::1]': ['http://[::1]:4400', 'http://[::1]:4400/'],
}
for (const [name, [given, issuer]] of Object.entries(publicUrls)) {
  test(`RFC 8414 §2: the issuer is normalised: ${name}`, () => {
    assert.equal(loaded({ VALETKEY_PUBLIC_URL: given }).publicUrl, issuer)
  })
}

const wrongPublicUrls = {
  'http at a public host': 'http://login.example.com',
  'http at a private address': 'http://192.168.1.5:4400',
  'a host that only looks like loopback': 'http://127.0.0.1.example.com',
  'a path': 'https://example.com/auth',
  'a query (RFC 8414 §2)': 'https://example.com/?a=b',
  'an empty query': 'https://example.com/?',
  'a fragment': 'https://example.com/#x',
  'a user': 'https://user:hunter2@example.com',
  'another scheme': 'ftp://example.com',
  'no scheme': 'example.com',
}
for (const [name, given] of Object.entries(wrongPublicUrls)) {
  test(`a public address is refused, with the setting and what to do: ${name}`, () => {
    const [line, ...more] = mistakes({ VALETKEY_PUBLIC_URL: given })
    assert.deepEqual(more, [])
    assert.match(line ?? '', /^publicUrl \(VALETKEY_PUBLIC_URL\): expected an https address/)
    assert.doesNotMatch(line ?? '', /hunter2/)
  })
}

test('a public address is required when others can reach the socket, or when the port is free', () => {
  assert.match(
    String(mistakes({ VALETKEY_LISTEN_HOST: '0.0.0.0' })),
    /publicUrl \(VALETKEY_PUBLIC_URL\): is required/,
  )
  assert.match(
    String(mistakes({ VALETKEY_LISTEN_PORT: '0' })),
    /publicUrl \(VALETKEY_PUBLIC_URL\): is required/,
  )
})

test('all mistakes are told at once, each with its path, variable and line', () => {
  const file = fileWith(
    [
      'listen:',
      '  prot: 80',
      '  port: many',
      'store: { engine: mysql }',
      'log:',
      'limits: 5',
      'colour: red',
    ].join('\n'),
  )
  const environment = {
    VALETKEY_LISTN_HOST: 'x',
    VALETKEY_TENANT: 'Not A Tenant',
    VALETKEY_MAIL_FROM: '',
    VALETKEY_SHUTDOWN_GRACE_SECONDS: '-1',
  }
  assert.deepEqual(mistakes(environment, file), [
    `listen.port (VALETKEY_LISTEN_PORT, ${file} line 3): expected a whole number from 0 to 65535`,
    `listen.prot (${file} line 2): is no setting; did you mean listen.port?`,
    'tenant (VALETKEY_TENANT): expected 1 to 63 of a-z, 0-9 and -, beginning with a letter or a digit',
    `store.engine (VALETKEY_STORE_ENGINE, ${file} line 4): expected one of sqlite, postgres`,
    'shutdownGraceSeconds (VALETKEY_SHUTDOWN_GRACE_SECONDS): expected a whole number of seconds from 0 to 3600',
    `log (${file} line 5): expected a group of settings`,
    `limits (${file} line 6): expected a group of settings`,
    `colour (${file} line 7): is no setting`,
    'VALETKEY_LISTN_HOST: is no setting; did you mean VALETKEY_LISTEN_HOST?',
    'VALETKEY_MAIL_FROM: is empty; give it a value or remove it',
  ])
})

const contradictions = {
  'PostgreSQL without its address': [
    { VALETKEY_STORE_ENGINE: 'postgres', VALETKEY_MASTER_KEY: masterKey },
    /store\.postgres\.url .*is required/,
  ],
  'PostgreSQL without a master key': [
    { VALETKEY_STORE_POSTGRES_URL: postgres },
    /masterKey \(VALETKEY_MASTER_KEY\): is required with PostgreSQL/,
  ],
  'SQLite with an address of PostgreSQL': [
    { VALETKEY_STORE_ENGINE: 'sqlite', VALETKEY_STORE_POSTGRES_URL: postgres },
    /store\.postgres\.url .*contradicts store\.engine sqlite/,
  ],
  'PostgreSQL with a SQLite file': [
    {
      VALETKEY_STORE_POSTGRES_URL: postgres,
      VALETKEY_MASTER_KEY: masterKey,
      VALETKEY_STORE_SQLITE_FILE: 'x',
    },
    /store\.sqlite\.file .*contradicts store\.engine postgres/,
  ],
  'a pool without PostgreSQL': [
    { VALETKEY_STORE_POSTGRES_POOL_SIZE: '5' },
    /store\.postgres\.poolSize .*needs store\.engine postgres/,
  ],
  'SMTP without a sender': [
    { VALETKEY_MAIL_SMTP_URL: 'smtps://user:hunter2@mail.example.com' },
    /mail\.from .*is required with mail\.smtpUrl/,
  ],
} as const satisfies Record<string, readonly [Environment, RegExp]>
for (const [name, [environment, expected]] of Object.entries(contradictions)) {
  test(`contradictory settings stop the boot: ${name}`, () => {
    const lines = mistakes(environment)
    assert.equal(lines.length, 1)
    assert.match(String(lines), expected)
    assert.doesNotMatch(String(lines), /hunter2/)
  })
}

const wrongValues = {
  'a master key of 31 bytes': ['VALETKEY_MASTER_KEY', Buffer.alloc(31, 1).toString('base64url')],
  'a master key in plain base64': ['VALETKEY_MASTER_KEY', Buffer.alloc(32, 255).toString('base64')],
  'a network with too long a prefix': ['VALETKEY_TRUSTED_PROXIES', '10.0.0.0/33'],
  'a host name as a proxy': ['VALETKEY_TRUSTED_PROXIES', 'proxy.example.com'],
  'an address of another database': ['VALETKEY_STORE_POSTGRES_URL', 'mysql://hunter2@db'],
  'a sender with a line break': ['VALETKEY_MAIL_FROM', 'A\r\nBcc: b@example.com <a@example.com>'],
  'a number with a unit': ['VALETKEY_LIMITS_REQUEST_BODY_BYTES', '64k'],
  'a fraction': ['VALETKEY_ATTACK_PROTECTION_WINDOW_SECONDS', '1.5'],
  'an unknown level': ['VALETKEY_LOG_LEVEL', 'verbose'],
  'a tenant in capitals': ['VALETKEY_TENANT', 'Main'],
  'a host with a space': ['VALETKEY_LISTEN_HOST', 'a b'],
} as const
for (const [name, [variable, value]] of Object.entries(wrongValues)) {
  test(`a wrong value is refused and not repeated: ${name}`, () => {
    const lines = mistakes({ VALETKEY_PUBLIC_URL: 'https://a.example', [variable]: value })
    assert.match(lines[0] ?? '', new RegExp(`\\(${variable}\\): expected `))
    assert.ok(!String(lines).includes(value))
  })
}

test('a file that cannot be read, or is not YAML, is a mistake without its content', () => {
  assert.match(String(mistakes({}, join(directory, 'none.yaml'))), /none\.yaml: .*cannot be read \(ENOENT\)/)
  const broken = fileWith('tenant: a\nmasterKey: *hunter2\n')
  assert.match(String(mistakes({}, broken)), /line \d+: an alias/)
  assert.doesNotMatch(String(mistakes({}, broken)), /hunter2/)
  assert.match(String(mistakes({}, fileWith('tenant: a\ntenant: b\n'))), /line 2: a name stands here twice/)
  assert.match(String(mistakes({}, fileWith('masterKey: !hunter2 x\n'))), /line 1: an unknown tag/)
  assert.deepEqual(mistakes({}, fileWith('just text')), ['the file: expected a group of settings'])
})

test('what tells the tests where things are does not stop a start', () => {
  assert.equal(
    loaded({ VALETKEY_TEST_CHROMIUM: '/usr/bin/chromium', VALETKEY_TEST_SEED: '1' }).tenant,
    'main',
  )
  assert.match(String(mistakes({ VALETKEY_TESTING: '1' })), /VALETKEY_TESTING: is no setting/)
})

test('variables that Kubernetes makes for a service called valetkey are not ours', () => {
  loaded({
    VALETKEY_SERVICE_HOST: '10.0.0.1',
    VALETKEY_SERVICE_PORT_HTTP: '80',
    VALETKEY_PORT: 'tcp://10.0.0.1:80',
    VALETKEY_PORT_80_TCP_ADDR: '10.0.0.1',
  })
  assert.match(String(mistakes({ VALETKEY_PORT: '80' })), /VALETKEY_PORT: is no setting/)
})

test('names that every object has are no settings', () => {
  assert.match(String(mistakes({}, fileWith('__proto__: { tenant: x }'))), /__proto__ .*is no setting/)
  assert.match(String(mistakes({}, fileWith('constructor: 1'))), /constructor .*is no setting/)
})

test('a certificate and its key make the listener speak TLS', () => {
  const { listen, publicUrl } = loaded({
    VALETKEY_LISTEN_TLS_CERTIFICATE_FILE: 'certificate.pem',
    VALETKEY_LISTEN_TLS_KEY_FILE: '/etc/key.pem',
  })
  assert.equal(publicUrl, 'https://localhost:4400/')
  assert.deepEqual(listen.tls, { certificateFile: resolve('certificate.pem'), keyFile: '/etc/key.pem' })
})

test('TLS needs both the certificate and its key', () => {
  assert.deepEqual(mistakes({ VALETKEY_LISTEN_TLS_CLIENT_CA_FILE: 'ca.pem' }), [
    'listen.tls.certificateFile (VALETKEY_LISTEN_TLS_CERTIFICATE_FILE): is required with the other members of listen.tls',
    'listen.tls.keyFile (VALETKEY_LISTEN_TLS_KEY_FILE): is required with the other members of listen.tls',
  ])
})
