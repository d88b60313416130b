import assert from 'node:assert/strict'
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { aPlace, freePort } from './valetkey.ts'

const place = aPlace()

function environmentOf(name: string) {
  return { VALETKEY_DATA_DIRECTORY: join(place.directory, name), VALETKEY_LOG_LEVEL: 'warn' }
}

function fileWith(name: string, text: string): string {
  const file = join(place.directory, name)
  writeFileSync(file, text)
  return file
}

const tenantFile = `
clients:
  - name: Web
    client_id: web
    client_secret: ##WEB_SECRET##
    callbacks: @@WEB_CALLBACKS@@
  - name: Job
    app_type: non_interactive
`
const keywords = {
  WEB_SECRET: 'a-secret-from-the-environment-of-apply',
  WEB_CALLBACKS: '["https://app.example/callback"]',
}

test('migrate applies the migrations once', async () => {
  const environment = environmentOf('migrate')
  const first = await place.run(['migrate'], environment)
  assert.equal(first.code, 0, first.stderr)
  assert.match(first.stdout, /^applied \d+/)
  assert.deepEqual(await place.run(['migrate'], environment), {
    code: 0,
    stdout: 'nothing to do\n',
    stderr: '',
  })
})

test('apply brings in a file, prints a new secret once, and changes nothing the second time', async () => {
  const environment = { ...environmentOf('apply'), ...keywords }
  const file = fileWith('tenant.yaml', tenantFile)
  const dry = await place.run(['apply', file, '--dry-run'], environment)
  assert.equal(dry.code, 0, dry.stderr)
  assert.match(dry.stdout, /^would have created client Web$/m)
  assert.doesNotMatch(dry.stdout, /secret/)

  const first = await place.run(['apply', file], environment)
  assert.match(
    first.stdout,
    /^created client Web\ncreated client Job\n2 entries created, 0 updated, 0 unchanged\n/,
  )
  assert.match(
    first.stdout,
    /^The client Job \([A-Za-z0-9]{32}\) has a new secret, shown only now: [\w-]{64}$/m,
  )
  assert.doesNotMatch(first.stdout, /a-secret-from-the-environment/)

  const second = await place.run(['apply', '-'], environment, tenantFile)
  assert.equal(second.stdout, '0 entries created, 0 updated, 2 unchanged\n')
})

test('apply tells all mistakes with file, line and path, and applies nothing', async () => {
  const environment = environmentOf('apply-mistakes')
  const file = fileWith(
    'mistaken.yaml',
    `clients:
  - name: Web
    client_secret: hunter2
    callbacks:
      - https://ok.example/
      - http://plain.example/
clientGrants:
  - client_id: Nobody
    audience: nowhere
`,
  )
  const { code, stdout, stderr } = await place.run(['apply', file], environment)
  assert.deepEqual([code, stdout], [1, ''])
  assert.deepEqual(stderr.trim().split('\n'), [
    `${file} line 3: clients[0].client_secret: expected at least 32 characters`,
    `${file} line 6: clients[0].callbacks[1]: expected https (http only for localhost and loopback)`,
    `${file} line 8: clientGrants[0].client_id: names no client of this file or tenant`,
    `${file} line 9: clientGrants[0].audience: names no API of this file or tenant`,
    'valetkey apply: nothing was applied (4 mistakes).',
  ])
})

test('apply warns of grants, formats and methods that nobody knows, and calls standard input by its name', async () => {
  const environment = environmentOf('apply-warnings')
  const file = 'clients:\n  - name: Web\n    grant_types: [authorization_code, authorisation_code]\n'
  const { code, stdout, stderr } = await place.run(['apply', '-'], environment, file)
  assert.equal(code, 0)
  assert.match(stdout, /1 entry created/)
  assert.equal(
    stderr,
    'warning: standard input line 3: clients[0].grant_types[1]: authorisation_code is no grant of this version; it works only with an extension that brings it\n',
  )
  const extended = [
    'clients:',
    '  - { name: Signer, token_endpoint_auth_method: "https://example.com/sign" }',
    'resourceServers:',
    '  - { identifier: "https://api.example/", valetkey: { token_format: swt } }',
  ].join('\n')
  const warned = await place.run(['apply', '-'], environment, extended)
  assert.equal(warned.code, 0)
  assert.match(warned.stdout, /2 entries created/)
  assert.deepEqual(warned.stderr.trim().split('\n'), [
    'warning: standard input line 4: resourceServers[0].valetkey.token_format: swt is no token format of this version; only a server with an extension that brings it can make tokens for this API',
    'warning: standard input line 2: clients[0].token_endpoint_auth_method: https://example.com/sign is no client-authentication method of this version; it works only with an extension that brings it, and the client gets a secret in case that needs one',
  ])
  const mistaken = await place.run(
    ['apply', '-'],
    environment,
    'resourceServers:\n  - identifier: a\n    scopes: [read]\n',
  )
  assert.match(
    mistaken.stderr,
    /^standard input line 3: resourceServers\[0\]\.scopes\[0\]: expected a group of members such as \{ value: … \}$/m,
  )
})

test('doctor tells a public address that leads other machines to themselves', async () => {
  const environment = {
    ...environmentOf('doctor-host'),
    VALETKEY_LISTEN_HOST: '0.0.0.0',
    VALETKEY_PUBLIC_URL: 'http://localhost:4400',
  }
  const { stdout } = await place.run(['doctor'], environment)
  assert.match(
    stdout,
    /^note +public address +http:\/\/localhost:4400\/ leads other machines to themselves, though 0\.0\.0\.0 lets them in/m,
  )
})

test('apply refuses what is no YAML, keywords without a value, and files that are not there', async () => {
  const environment = environmentOf('apply-refused')
  const broken = await place.run(
    ['apply', fileWith('broken.yaml', 'clients:\n  - name: "Web\n')],
    environment,
  )
  assert.match(broken.stderr, /broken\.yaml line \d: .*\n.*nothing was applied \(1 mistake\)/)
  const keyword = await place.run(['apply', fileWith('keyword.yaml', tenantFile)], environment)
  assert.match(keyword.stderr, /keyword\.yaml line 5: the keyword WEB_SECRET is no environment variable/)
  const absent = await place.run(['apply', 'absent.yaml'], environment)
  assert.match(absent.stderr, /absent\.yaml: cannot be read \(ENOENT\)/)
  for (const { code } of [broken, keyword, absent]) assert.equal(code, 1)
  assert.ok(!existsSync(environment.VALETKEY_DATA_DIRECTORY))
})

test("a tenant file cannot read the server's own settings", async () => {
  const environment = {
    ...environmentOf('settings'),
    VALETKEY_MASTER_KEY: Buffer.alloc(32, 1).toString('base64url'),
  }
  const file = fileWith('settings.yaml', 'tenant: { friendly_name: ##VALETKEY_MASTER_KEY## }')
  assert.match(
    (await place.run(['apply', file], environment)).stderr,
    /VALETKEY_MASTER_KEY is no environment variable/,
  )
})

test('keys list shows a current and a next key, and keys rotate moves them on', async () => {
  const environment = environmentOf('keys')
  const states = (stdout: string) =>
    stdout
      .trim()
      .split('\n')
      .map((row) => row.split(/\s+/))
      .filter(([algorithm]) => algorithm === 'RS256')
      .map(([, state, kid]) => ({ state, kid }))
  const before = states((await place.run(['keys', 'list'], environment)).stdout)
  assert.deepEqual(
    before.map(({ state }) => state),
    ['next', 'current'],
  )
  const tooEarly = await place.run(['keys', 'rotate'], environment)
  assert.deepEqual([tooEarly.code, tooEarly.stdout], [1, ''])
  assert.match(
    tooEarly.stderr,
    /verifiers may not know the next key before \S+Z; wait until then, or say --now/,
  )
  assert.deepEqual(states((await place.run(['keys', 'list'], environment)).stdout), before)
  const rotated = await place.run(['keys', 'rotate', '--now'], environment)
  assert.equal(rotated.code, 0, rotated.stderr)
  const after = states(rotated.stdout)
  assert.deepEqual(
    after.map(({ state }) => state),
    ['next', 'current', 'previous'],
  )
  assert.deepEqual(
    after.slice(1).map(({ kid }) => kid),
    before.map(({ kid }) => kid),
  )
  const [next, current, previous] = after
  const revoke = (kid = '') => place.run(['keys', 'revoke', kid], environment)
  assert.match((await revoke(next?.kid)).stderr, /this is the next key/)
  assert.match((await revoke('unknown')).stderr, /no key of this KID/)
  // RFC 7638 §3.1: a thumbprint may begin with a dash, and is no option then.
  assert.match((await revoke(`-${'a'.repeat(42)}`)).stderr, /no key of this KID/)
  assert.equal((await revoke(previous?.kid)).code, 0)
  const revoked = states((await revoke(current?.kid)).stdout)
  assert.deepEqual(
    revoked.map(({ state, kid }) => [state, kid === next?.kid]),
    [
      ['next', false],
      ['current', true],
    ],
  )
  const wrong = await place.run(['keys', 'rotate', '--algorithm', 'HS256'], environment)
  assert.deepEqual([wrong.code, wrong.stdout], [2, ''])
  assert.match(wrong.stderr, /--algorithm expects one of RS256, ES256, PS256, EdDSA/)
})

test('doctor before the first start finds nothing wrong and makes nothing', async () => {
  const environment = { ...environmentOf('doctor-new'), VALETKEY_LISTEN_PORT: String(await freePort()) }
  const { code, stdout } = await place.run(['doctor'], environment)
  assert.equal(code, 0, stdout)
  assert.match(stdout, /^ok +configuration +no mistakes$/m)
  assert.match(stdout, /^note +public address/m)
  assert.match(stdout, /^note +store +.* is made at the first start$/m)
  assert.ok(!existsSync(environment.VALETKEY_DATA_DIRECTORY))
})

test('doctor sees a healthy server and its discovery document', async () => {
  const environment = { ...environmentOf('doctor-ok'), VALETKEY_LISTEN_PORT: String(await freePort()) }
  const running = await place.serve(environment)
  const { code, stdout } = await place.run(['doctor'], environment)
  running.child.kill('SIGTERM')
  await running.ended
  assert.equal(code, 0, stdout)
  for (const what of ['discovery', 'master key', 'store', 'signing keys', 'clock'])
    assert.match(stdout, new RegExp(`^ok +${what}`, 'm'))
})

test('doctor tells a database that others may read, and a master key of another database', async () => {
  const environment = environmentOf('doctor-bad')
  await place.run(['keys', 'list'], environment)
  chmodSync(join(environment.VALETKEY_DATA_DIRECTORY, 'valetkey.db'), 0o644)
  const other = { ...environment, VALETKEY_MASTER_KEY: Buffer.alloc(32, 1).toString('base64url') }
  const { code, stdout } = await place.run(['doctor'], other)
  assert.equal(code, 1)
  assert.match(stdout, /^problem +store +.*valetkey\.db may be read by others: run chmod 600$/m)
  assert.match(
    stdout,
    /^problem +signing keys +cannot be read: this is not the master key of this database$/m,
  )
})

test('doctor tells a lost master key, a lost database and mistakes in the configuration', async () => {
  const environment = environmentOf('doctor-lost')
  await place.run(['keys', 'list'], environment)
  const key = join(environment.VALETKEY_DATA_DIRECTORY, 'master.key')
  const database = join(environment.VALETKEY_DATA_DIRECTORY, 'valetkey.db')
  chmodSync(key, 0o640)
  assert.match((await place.run(['doctor'], environment)).stdout, /^problem +master key +.*chmod 600/m)
  rmSync(key)
  assert.match((await place.run(['doctor'], environment)).stdout, /^problem +master key +.*is missing/m)
  writeFileSync(key, 'x', { mode: 0o600 })
  rmSync(database)
  assert.match(
    (await place.run(['doctor'], environment)).stdout,
    /^problem +store +.*is missing, but its master key/m,
  )
  const mistaken = await place.run(['doctor'], { VALETKEY_TENANT: 'Not A Tenant' })
  assert.equal(mistaken.code, 1)
  assert.match(mistaken.stdout, /^problem +configuration +tenant \(VALETKEY_TENANT\)/m)
})
