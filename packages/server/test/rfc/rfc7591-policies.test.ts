// What a registration policy of an extension sees and may say.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import { hashed } from '../../src/domain/secrets.ts'
import { defineRegistrationPolicy, type RegistrationContext, refuse, rule } from '../../src/extend.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { allowRegistration, callback, openToAll, register, registered } from './registrations.ts'
import { assertJsonRefusal } from './requests.ts'

test("RFC 7591 §2: an extension's policy changes and refuses, and what it says is checked too", async () => {
  const nobody = rule({
    id: 'test.nobody',
    clause: 'RFC 7591 §3.2.2',
    error: 'invalid_client_metadata',
    description: 'Not here',
  })
  const house = defineRegistrationPolicy({
    name: 'house',
    rules: [nobody],
    async review({ client_name }) {
      if (client_name === 'Nobody') throw refuse(nobody)
      return {
        client_name: `${client_name} (checked)`,
        contacts: undefined,
        ...(client_name === 'Careless' && { logo_uri: 'http://app.test/logo.png' }),
      }
    },
  })
  const strict = await startTestServer({ extensions: [house] })
  await allowRegistration(strict, openToAll)
  const information = await registered(strict, { client_name: 'Planner', contacts: ['a@app.test'] })
  assert.deepEqual([information.client_name, 'contacts' in information], ['Planner (checked)', false])
  await assertJsonRefusal(
    strict,
    await register(strict, { redirect_uris: [callback], client_name: 'Nobody' }),
    {
      error: 'invalid_client_metadata',
      rule: 'test.nobody',
    },
  )
  const response = await register(strict, { redirect_uris: [callback], client_name: 'Careless' })
  await assertJsonRefusal(strict, response, {
    error: 'invalid_client_metadata',
    rule: 'registration.address_insecure',
  })
  await strict.close()
})

test("RFC 7591 §2.3: an extension's policy learns what was proven of a registration, and nothing that was not", async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = 'https://statements.test/'
  const jwks = JSON.parse(JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }))
  const token = 'an-initial-access-token-of-32-characters'
  const seen: RegistrationContext[] = []
  const watching = defineRegistrationPolicy({
    name: 'watching',
    rules: [],
    async review(_metadata, context) {
      seen.push(context)
      return {}
    },
  })
  const strict = await startTestServer({ extensions: [watching] })
  const softwareStatementIssuers = [{ issuer, jwks }]
  await allowRegistration(strict, { initialAccessTokens: [], softwareStatementIssuers })
  const claims = { iss: issuer, software_id: 'planner', client_name: 'Vouched for' }
  const software_statement = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
  await registered(strict, { software_statement })
  await registered(strict, { software_id: 'planner' })
  await allowRegistration(strict, { initialAccessTokens: [hashed(token)], softwareStatementIssuers })
  assert.equal((await register(strict, { redirect_uris: [callback] }, token)).status, 201)
  assert.deepEqual(seen, [
    { hasInitialAccessToken: false, softwareStatement: claims },
    { hasInitialAccessToken: false },
    { hasInitialAccessToken: true },
  ])
  await strict.close()
})
