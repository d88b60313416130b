import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { test } from 'node:test'
import { aCertificate } from '../support/certificates.ts'
import { aPlace, freePort } from './valetkey.ts'

const place = aPlace()

async function anEnvironment(name: string) {
  const { pem, privateKeyPem } = aCertificate({
    subject: [['CN', 'localhost']],
    alternativeNames: [['dns', 'localhost']],
  })
  const file = (kind: string, text: string) => {
    const path = join(place.directory, `${name}-${kind}.pem`)
    writeFileSync(path, text)
    return path
  }
  const port = await freePort()
  return {
    pem,
    port,
    variables: {
      VALETKEY_LISTEN_PORT: String(port),
      VALETKEY_LISTEN_TLS_CERTIFICATE_FILE: file('certificate', pem),
      VALETKEY_LISTEN_TLS_KEY_FILE: file('key', privateKeyPem),
      VALETKEY_DATA_DIRECTORY: join(place.directory, name),
      VALETKEY_LOG_LEVEL: 'warn',
    },
  }
}

test('with a certificate the server speaks TLS, and its issuer says https', async () => {
  const { pem, port, variables } = await anEnvironment('tls')
  const { child, ended, text } = await place.serve(variables)
  assert.match(text.stdout, new RegExp(`^Valetkey is ready at https://localhost:${port}/ `))
  const options = { host: '127.0.0.1', servername: 'localhost', port, ca: pem, agent: false }
  const asked = get({ ...options, path: '/.well-known/openid-configuration' })
  const [answer] = await once(asked, 'response')
  const document = JSON.parse(Buffer.concat(await answer.toArray()).toString())
  assert.equal(document.issuer, `https://localhost:${port}/`)
  child.kill('SIGTERM')
  assert.equal((await ended).code, 0)
})

test('a certificate that is not there, and a key of another one, stop the start with a reason', async () => {
  const { variables } = await anEnvironment('missing')
  const missing = await place.run(['start'], {
    ...variables,
    VALETKEY_LISTEN_TLS_KEY_FILE: join(place.directory, 'nowhere.pem'),
  })
  assert.notEqual(missing.code, 0)
  assert.match(missing.stderr, /nowhere\.pem/)
  const other = await anEnvironment('other')
  const mixed = await place.run(['start'], {
    ...variables,
    VALETKEY_LISTEN_TLS_KEY_FILE: other.variables.VALETKEY_LISTEN_TLS_KEY_FILE,
  })
  assert.notEqual(mixed.code, 0)
  assert.doesNotMatch(mixed.stderr, /BEGIN/)
  assert.match(mixed.stderr, /key/)
})
