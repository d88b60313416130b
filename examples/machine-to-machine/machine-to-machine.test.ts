import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { discover } from '@valetkey-examples/shared/code-flow'
import { type Driven, startExample } from '@valetkey-examples/shared/drive'
import * as oidc from 'openid-client'

let example: Driven

before(async () => {
  example = await startExample(import.meta.dirname, 'Stop with')
})

after(() => example?.stop())

const clientId = 'nightly-backup'
const clientSecret = 'published-secret-of-the-nightly-backup'
const audience = 'https://contacts.example/api'

function server(secret = clientSecret): Promise<oidc.Configuration> {
  return discover({ issuer: `http://localhost:${example.port}/`, clientId, clientSecret: secret })
}

test('RFC 6749 §4.4: the job ran at the start and saved what it read', () => {
  const [, count, file = ''] = /(\d+) contacts saved in (\S+)/.exec(example.printed) ?? []
  assert.equal(count, '3')
  const contacts: readonly { readonly name: string }[] = JSON.parse(readFileSync(file, 'utf8'))
  assert.equal(contacts[0]?.name, 'Grace Hopper')
})

test('RFC 6749 §3.3: its token reads, and deletes nothing whatever it asks for', async () => {
  const tokens = await oidc.clientCredentialsGrant(await server(), {
    audience,
    scope: 'read:contacts delete:contacts',
  })
  assert.equal(tokens.scope, 'read:contacts')
  assert.equal(tokens.refresh_token, undefined)
  const response = await fetch(`http://localhost:${example.port + 1}/contacts/grace-hopper`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  assert.equal(response.status, 403)
})

test('RFC 6749 §5.2: with another secret there is no token', async () => {
  await assert.rejects(
    server('a guess').then((configuration) => oidc.clientCredentialsGrant(configuration, { audience })),
    (error) => error instanceof oidc.ResponseBodyError && error.error === 'invalid_client',
  )
})
