import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogFields } from '../../src/domain/ports.ts'
import { createLogger } from '../../src/ports/logger.ts'

function logged(fields: LogFields): string {
  const lines: string[] = []
  createLogger('info', { write: (line) => lines.push(line) }).info('test.event', fields)
  return lines.join('')
}

test('an event is one JSON line with time, level, name and fields', () => {
  const line = JSON.parse(logged({ clientId: 'app', status: 200 }))
  assert.match(line.time, /^\d{4}-\d\d-\d\dT/)
  assert.deepEqual(
    { ...line, time: '' },
    { level: 'info', time: '', event: 'test.event', clientId: 'app', status: 200 },
  )
})

test('lesser events than the level are not written', () => {
  const lines: string[] = []
  const logger = createLogger('error', { write: (line) => lines.push(line) })
  logger.info('a')
  logger.warn('b')
  logger.error('c')
  assert.equal(lines.length, 1)
})

const members = [
  'authorization',
  'Authorization',
  'Proxy-Authorization',
  'cookie',
  'Set-Cookie',
  'password',
  'new_password',
  'passwordHash',
  'client_secret',
  'clientSecret',
  'secret',
  'secrets',
  'code',
  'device_code',
  'user_code',
  'code_verifier',
  'codeVerifier',
  'token',
  'access_token',
  'refreshToken',
  'id_token',
  'id_token_hint',
  'csrfToken',
  'assertion',
  'client_assertion',
  'subject_token',
  'otp',
  'ticket',
  'masterKey',
  'privateJwk',
  'private_key',
  'smtpUrl',
]
test('members that hold secrets are redacted at any depth, however they are written', () => {
  for (const member of members) {
    const line = logged({ [member]: 'hunter2', deep: [{ deeper: { [member]: { even: 'hunter2' } } }] })
    assert.doesNotMatch(line, /hunter2/, member)
    assert.match(line, /\[redacted\]/, member)
  }
})

test('members that only sound secret stay readable', () => {
  const fields = {
    tokenLifetimeSeconds: 5,
    tokenEndpointAuthMethod: 'none',
    clientId: 'app',
    grantType: 'password',
  }
  for (const [name, value] of Object.entries(fields))
    assert.ok(logged(fields).includes(`"${name}":${JSON.stringify(value)}`))
})

const texts = {
  'a parameter of a URL': 'GET /callback?code=hunter2&state=x',
  'a form': 'grant_type=password&password=hunter2',
  'a token parameter': '/logout?id_token_hint=hunter2',
  'a bearer credential': 'sent Bearer hunter2hunter2',
  'a JSON Web Token': 'got eyJhbGciOiJIUzI1NiJ9.eyJodW50ZXIyIjoxfQ.hunter2',
  'a password in an address': 'connect postgres://valetkey:hunter2@db:5432 failed',
}
for (const [name, text] of Object.entries(texts)) {
  test(`text loses ${name}`, () => {
    const line = logged({ note: text, list: [text], error: new Error(text, { cause: new Error(text) }) })
    assert.doesNotMatch(line, /hunter2|eyJodW50/)
  })
}

test('an error keeps its name, system code, stack and cause', () => {
  const cause = Object.assign(new Error('connect failed'), { code: 'ECONNREFUSED' })
  const { error } = JSON.parse(logged({ error: new TypeError('outer', { cause }) }))
  assert.equal(error.name, 'TypeError')
  assert.match(error.stack, /logger\.test\.ts/)
  assert.equal(error.cause.code, 'ECONNREFUSED')
})

test('headers, maps, bytes, deep and circular values are bounded', () => {
  const circular: Record<string, unknown> = {}
  circular.self = circular
  const line = logged({
    headers: new Headers({ authorization: 'Bearer hunter2', accept: 'text/html' }),
    form: new URLSearchParams({ code: 'hunter2' }),
    bytes: new Uint8Array(5),
    big: 10n,
    long: 'x'.repeat(1_000_000),
    circular,
  })
  assert.doesNotMatch(line, /hunter2/)
  assert.match(line, /text\/html/)
  assert.ok(line.length < 20_000)
})
