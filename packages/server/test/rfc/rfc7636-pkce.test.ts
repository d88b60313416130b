import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import {
  assertJsonRefusal,
  assertRedirectRefusal,
  authorize,
  challenge,
  codeFor,
  granted,
  redeem,
  verifier,
} from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const user = await server.aUser()
const web = await server.aClient()
const spa = await server.aClient({ applicationType: 'spa', tokenEndpointAuthMethod: 'none' })
const legacy = await server.aClient({ pkce: { required: false, allowPlain: true } })
const strict = await server.aClient({ pkce: { required: true, allowPlain: false } })
const without = { code_challenge: undefined, code_challenge_method: undefined }

test('RFC 7636 §4.6: the verifier of an S256 challenge redeems the code', async () => {
  const code = await codeFor(server, { client: spa, user })
  assert.equal((await granted(await redeem(server, spa, code))).token_type, 'Bearer')
})

test('RFC 7636 §4.6: a wrong code_verifier is refused with invalid_grant, and the code stays whole', async () => {
  const code = await codeFor(server, { client: spa, user })
  const response = await redeem(server, spa, code, { code_verifier: `${verifier.slice(0, -1)}x` })
  await assertJsonRefusal(server, response, { error: 'invalid_grant', rule: 'pkce.verifier_wrong' })
  await granted(await redeem(server, spa, code))
})

test('RFC 7636 §4.6: the challenge itself is no verifier', async () => {
  const code = await codeFor(server, { client: spa, user })
  const response = await redeem(server, spa, code, { code_verifier: challenge })
  await assertJsonRefusal(server, response, { error: 'invalid_grant', rule: 'pkce.verifier_wrong' })
})

test('RFC 7636 §4.1: a verifier of another shape is refused', async (t) => {
  const client = legacy
  const rows = [
    { name: '42 characters', verifier: 'a'.repeat(42) },
    { name: '129 characters', verifier: 'a'.repeat(129) },
    { name: 'a character that is reserved', verifier: `${'a'.repeat(42)}+` },
    { name: 'a space at the end', verifier: `${'a'.repeat(43)} ` },
  ]
  for (const { name, verifier: wrong } of rows) {
    await t.test(name, async () => {
      const code = await codeFor(server, { client, user })
      const response = await redeem(server, client, code, { code_verifier: wrong })
      await assertJsonRefusal(server, response, { error: 'invalid_grant', rule: 'pkce.verifier_wrong' })
    })
  }
})

test('RFC 7636 §4.5: a code that was bound to a challenge needs its verifier', async () => {
  const code = await codeFor(server, { client: web, user })
  const response = await redeem(server, web, code, { code_verifier: undefined })
  await assertJsonRefusal(server, response, { error: 'invalid_grant', rule: 'pkce.verifier_missing' })
})

test('RFC 9700 §4.8.2: a verifier without a challenge is a downgrade and is refused', async () => {
  const code = await codeFor(server, { client: web, user }, without)
  await assertJsonRefusal(server, await redeem(server, web, code), {
    error: 'invalid_grant',
    rule: 'pkce.verifier_unasked',
  })
})

test('RFC 7636 §5: a confidential client may do without PKCE', async () => {
  const code = await codeFor(server, { client: web, user }, without)
  await granted(await redeem(server, web, code, { code_verifier: undefined }))
})

test('RFC 7636 §4.4.1: a public client cannot do without a challenge', async () => {
  assertRedirectRefusal(server, await authorize(server, spa, without), {
    error: 'invalid_request',
    rule: 'pkce.challenge_required',
  })
})

test('RFC 7636 §4.4.1: a client that requires PKCE cannot do without a challenge', async () => {
  assertRedirectRefusal(server, await authorize(server, strict, without), {
    error: 'invalid_request',
    rule: 'pkce.challenge_required',
  })
})

test('RFC 7636 §4.4.1: an unknown method is refused', async () => {
  assertRedirectRefusal(server, await authorize(server, web, { code_challenge_method: 's256' }), {
    error: 'invalid_request',
    rule: 'pkce.method_unsupported',
  })
})

test('RFC 7636 §4.3: a method without a challenge is refused', async () => {
  assertRedirectRefusal(server, await authorize(server, web, { code_challenge: undefined }), {
    error: 'invalid_request',
    rule: 'pkce.method_without_challenge',
  })
})

test('RFC 9700 §2.1.1: plain is refused where the client does not allow it', async () => {
  const plain = { code_challenge: verifier, code_challenge_method: 'plain' }
  assertRedirectRefusal(server, await authorize(server, web, plain), {
    error: 'invalid_request',
    rule: 'pkce.plain_not_allowed',
  })
})

test('RFC 7636 §4.3: an absent method means plain, and is refused as plain is', async () => {
  assertRedirectRefusal(server, await authorize(server, web, { code_challenge_method: undefined }), {
    error: 'invalid_request',
    rule: 'pkce.plain_not_allowed',
  })
})

test('RFC 7636 §4.2: a client that allows plain redeems with the very string', async () => {
  const plain = { code_challenge: verifier, code_challenge_method: 'plain' }
  const code = await codeFor(server, { client: legacy, user }, plain)
  const wrong = await redeem(server, legacy, code, { code_verifier: `${verifier}x` })
  await assertJsonRefusal(server, wrong, { error: 'invalid_grant', rule: 'pkce.verifier_wrong' })
  await granted(await redeem(server, legacy, code))
})

test('RFC 7636 §4.2: a challenge of another shape is refused', async (t) => {
  const rows = [
    { name: 'S256 of 42 characters', given: { code_challenge: 'a'.repeat(42) } },
    { name: 'S256 of 44 characters', given: { code_challenge: 'a'.repeat(44) } },
    { name: 'S256 with padding', given: { code_challenge: `${'a'.repeat(43)}=` } },
    { name: 'S256 in plain base64', given: { code_challenge: `${'a'.repeat(41)}+/` } },
    {
      name: 'plain of 42 characters',
      given: { code_challenge: 'a'.repeat(42), code_challenge_method: 'plain' },
    },
    {
      name: 'plain of 129 characters',
      given: { code_challenge: 'a'.repeat(129), code_challenge_method: 'plain' },
    },
    {
      name: 'plain with a reserved character',
      given: { code_challenge: `${'a'.repeat(43)}/`, code_challenge_method: 'plain' },
    },
  ]
  for (const { name, given } of rows) {
    await t.test(name, async () => {
      assertRedirectRefusal(server, await authorize(server, legacy, given), {
        error: 'invalid_request',
        rule: 'pkce.challenge_malformed',
      })
    })
  }
})

test("RFC 7636 §1: the verifier of one request does not redeem another request's code", async () => {
  const other = 'a'.repeat(43)
  const code = await codeFor(
    server,
    { client: legacy, user },
    { code_challenge: other, code_challenge_method: 'plain' },
  )
  await assertJsonRefusal(server, await redeem(server, legacy, code), {
    error: 'invalid_grant',
    rule: 'pkce.verifier_wrong',
  })
})
