import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { aPlace, freePort } from './valetkey.ts'

const place = aPlace()

async function anEnvironment(name: string) {
  const port = await freePort()
  return {
    VALETKEY_LISTEN_PORT: String(port),
    VALETKEY_DATA_DIRECTORY: join(place.directory, name),
    VALETKEY_LOG_LEVEL: 'warn',
  }
}

/** Waits until nobody listens on the port any more: the signal has arrived. */
async function refusal(port: string): Promise<void> {
  const socket = connect(Number(port), '127.0.0.1')
  const isRefused = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(false)).once('error', () => resolve(true))
  })
  socket.destroy()
  if (!isRefused) await refusal(port)
}

test('the first start makes everything, says where it is, and SIGTERM ends it with 0', async () => {
  const environment = await anEnvironment('first')
  const { child, ended, text } = await place.serve(environment)
  const issuer = `http://localhost:${environment.VALETKEY_LISTEN_PORT}/`
  assert.match(text.stdout, new RegExp(`^Valetkey is ready at ${issuer} `))
  assert.match(text.stdout, new RegExp(`^Discovery: ${issuer}\\.well-known/openid-configuration$`, 'm'))

  const response = await fetch(
    `http://127.0.0.1:${environment.VALETKEY_LISTEN_PORT}/.well-known/openid-configuration`,
  )
  assert.equal(((await response.json()) as { issuer: string }).issuer, issuer)

  child.kill('SIGTERM')
  const { code, stdout, stderr } = await ended
  assert.deepEqual([code, stderr], [0, ''])
  const link = /^Set up the first administrator.*: (http:\S+)$/m.exec(stdout)?.[1] ?? ''
  assert.match(link, new RegExp(`^${issuer}setup\\?ticket=[A-Za-z0-9_-]{43}$`))
  const data = environment.VALETKEY_DATA_DIRECTORY
  assert.equal(statSync(data).mode & 0o777, 0o700)
  for (const file of readdirSync(data)) assert.equal(statSync(join(data, file)).mode & 0o077, 0, file)
})

test('a second start finds what the first one made', async () => {
  const environment = await anEnvironment('second')
  const keys = async () => {
    const running = await place.serve(environment)
    const response = await fetch(`http://127.0.0.1:${environment.VALETKEY_LISTEN_PORT}/.well-known/jwks.json`)
    running.child.kill('SIGINT')
    assert.equal((await running.ended).code, 0)
    return response.json()
  }
  assert.deepEqual(await keys(), await keys())
})

test('a request that was begun is finished before the server ends', async () => {
  const environment = await anEnvironment('graceful')
  const { child, ended } = await place.serve(environment)
  const socket = connect(Number(environment.VALETKEY_LISTEN_PORT), '127.0.0.1')
  const body = 'grant_type=client_credentials&client_id=nobody&client_secret=wrong'
  socket.write(
    `POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
  )
  // The head has arrived when a request that was sent after it is answered.
  await fetch(`http://127.0.0.1:${environment.VALETKEY_LISTEN_PORT}/.well-known/jwks.json`)
  child.kill('SIGTERM')
  await refusal(environment.VALETKEY_LISTEN_PORT)
  socket.write(body.slice(10))
  const [answer] = await once(socket, 'data')
  assert.match(String(answer), /^HTTP\/1\.1 401 /)
  socket.destroy()
  assert.equal((await ended).code, 0)
})

test('a second signal ends a server at once that still waits for a request', async () => {
  const environment = { ...(await anEnvironment('impatient')), VALETKEY_SHUTDOWN_GRACE_SECONDS: '600' }
  const { child, ended } = await place.serve(environment)
  const socket = connect(Number(environment.VALETKEY_LISTEN_PORT), '127.0.0.1')
  socket.on('error', () => socket.destroy())
  socket.write('POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n')
  await fetch(`http://127.0.0.1:${environment.VALETKEY_LISTEN_PORT}/.well-known/jwks.json`)
  child.kill('SIGTERM')
  await refusal(environment.VALETKEY_LISTEN_PORT)
  assert.equal(child.exitCode, null)
  child.kill('SIGTERM')
  assert.equal((await ended).code, 1)
})

test('mistakes in the configuration are told all at once, and nothing is made', async () => {
  const { code, stdout, stderr } = await place.run(['start'], {
    VALETKEY_PUBLIC_URL: 'http://login.example.com',
    VALETKEY_LISTN_PORT: '80',
    VALETKEY_MASTER_KEY: 'hunter2',
  })
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /^ {2}publicUrl \(VALETKEY_PUBLIC_URL\): expected an https address/m)
  assert.match(stderr, /^ {2}masterKey \(VALETKEY_MASTER_KEY\): expected 32 random bytes/m)
  assert.match(stderr, /^ {2}VALETKEY_LISTN_PORT: is no setting; did you mean VALETKEY_LISTEN_PORT\?/m)
  assert.doesNotMatch(stderr, /hunter2/)
  assert.ok(!existsSync(join(place.directory, 'data')))
})

test('a configuration file is read by --config and by VALETKEY_CONFIG', async () => {
  const environment = await anEnvironment('file')
  const file = join(place.directory, 'valetkey.yaml')
  writeFileSync(file, `tenant: acme\ndataDirectory: ${environment.VALETKEY_DATA_DIRECTORY}\n`)
  for (const [args, variables] of [
    [['--config', file], {}],
    [[], { VALETKEY_CONFIG: file }],
  ] as const) {
    const { code, stdout } = await place.run(['config', ...args], variables)
    assert.equal(code, 0)
    assert.equal(JSON.parse(stdout).tenant, 'acme')
  }
})

test('config shows no secret', async () => {
  const { stdout } = await place.run(['config'], {
    VALETKEY_STORE_POSTGRES_URL: 'postgres://valetkey:hunter2@db/valetkey',
    VALETKEY_MASTER_KEY: Buffer.alloc(32, 1).toString('base64url'),
    VALETKEY_MAIL_SMTP_URL: 'smtps://user:hunter2@mail.example.com',
    VALETKEY_MAIL_FROM: 'a@example.com',
  })
  assert.match(stdout, /postgres:\/\/valetkey:\[redacted\]@db\/valetkey/)
  assert.doesNotMatch(stdout, /hunter2|AQEB/)
})

test('a port in use is one clear line', async () => {
  const environment = await anEnvironment('in-use')
  const holder = createServer().listen(Number(environment.VALETKEY_LISTEN_PORT), '127.0.0.1')
  await once(holder, 'listening')
  const { code, stderr } = await place.run(['start'], environment)
  holder.close()
  assert.equal(code, 1)
  assert.match(stderr, /^valetkey start: 127\.0\.0\.1:\d+ is in use by another process: set listen\.port/)
  assert.equal(stderr.trim().split('\n').length, 1)
})

test('a master key that others may read stops the start with what to do', async () => {
  const environment = await anEnvironment('loose-key')
  const data = environment.VALETKEY_DATA_DIRECTORY
  mkdirSync(data)
  writeFileSync(join(data, 'master.key'), Buffer.alloc(32, 1).toString('base64url'), { mode: 0o644 })
  const { code, stderr } = await place.run(['start'], environment)
  assert.equal(code, 1)
  assert.match(stderr, /^valetkey start: .*master\.key has mode 0644 .*run chmod 600/)
})

test('a PostgreSQL that does not answer is one clear line without its password', async () => {
  const port = await freePort()
  const { code, stderr } = await place.run(['migrate'], {
    VALETKEY_STORE_POSTGRES_URL: `postgres://valetkey:hunter2@127.0.0.1:${port}/valetkey`,
    VALETKEY_MASTER_KEY: Buffer.alloc(32, 1).toString('base64url'),
  })
  assert.equal(code, 1)
  assert.match(stderr, /^valetkey migrate: the store did not answer \(.*ECONNREFUSED/)
  assert.doesNotMatch(stderr, /hunter2/)
})
