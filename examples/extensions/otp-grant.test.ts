import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Plug } from 'valetkey/extend'
import { startTestServer } from 'valetkey/testkit'
import { otpGrant, otpGrantType } from './otp-grant.ts'

/** What becomes of a mail; `undefined` sends it. */
let delivery: (() => Promise<void>) | undefined
const server = await startTestServer({ extensions: otpGrant.map(withDelivery) })
after(() => server.close())
const client = await server.aClient({ grantTypes: [otpGrantType] })
const api = await server.anApi()
const user = await server.aUser({ email: 'ada@example.com' })

/** The same plug, whose mails a test can hold up. */
function withDelivery(plug: Plug): Plug {
  if (plug.plug !== 'endpoint') return plug
  const { endpoint } = plug
  return {
    ...plug,
    endpoint: {
      ...endpoint,
      handle(request, call) {
        const send: typeof call.ports.mailer.send = (mail) => delivery?.() ?? call.ports.mailer.send(mail)
        return endpoint.handle(request, { ...call, ports: { ...call.ports, mailer: { send } } })
      },
    },
  }
}

type Given = Readonly<Record<string, string>>

function post(path: string, given: Given, as = client): Promise<Response> {
  const body = new URLSearchParams({ client_id: as.id, client_secret: as.secret, ...given })
  return server.fetch(`${server.issuer}${path}`, { method: 'POST', body })
}

async function json(response: Response): Promise<Record<string, string>> {
  return (await response.json()) as Record<string, string>
}

/** Asks for a code and reads the mail; `otp` is empty when there was none. */
async function aCode(email = user.email): Promise<{ readonly otp_id: string; readonly otp: string }> {
  const before = server.mails.length
  const { otp_id = '' } = await json(await post('oauth/otp', { email }))
  await server.idle()
  const [otp = ''] = /\d{6}/.exec(server.mails[before]?.text ?? '') ?? []
  return { otp_id, otp }
}

function redeem(code: Given, given: Given = {}, as = client): Promise<Response> {
  return post('oauth/token', { grant_type: otpGrantType, ...code, ...given }, as)
}

/** A code that is not this one. */
function another(otp: string): string {
  return otp === '000000' ? '000001' : '000000'
}

async function assertRefused(response: Response, error: string, rule: string): Promise<void> {
  assert.deepEqual([(await json(response)).error, server.lastRefusal()], [error, rule])
}

test('RFC 6749 §4.5: a code from the mail becomes tokens, within what the API and the client allow', async () => {
  const response = await redeem(await aCode(), {
    audience: api.identifier,
    scope: 'openid read:contacts delete:everything',
  })
  const tokens = await json(response)
  assert.equal(response.status, 200, JSON.stringify(tokens))
  assert.equal(tokens.scope, 'openid read:contacts')
  const claims = JSON.parse(Buffer.from(tokens.id_token?.split('.')[1] ?? '', 'base64url').toString())
  assert.deepEqual([claims.sub, claims.amr], [user.id, ['otp']])
})

test('RFC 8414 §2: discovery announces the grant and the endpoint', async () => {
  const metadata = await json(await server.fetch(`${server.issuer}.well-known/openid-configuration`))
  assert.ok(metadata.grant_types_supported?.includes(otpGrantType))
  assert.equal(metadata.otp_endpoint, `${server.issuer}oauth/otp`)
})

test('a code is good for one use, for one client and for five minutes', async () => {
  const used = await aCode()
  assert.equal((await redeem(used)).status, 200)
  await assertRefused(await redeem(used), 'invalid_grant', 'example.otp.wrong')

  const other = await server.aClient({ grantTypes: [otpGrantType] })
  await assertRefused(await redeem(await aCode(), {}, other), 'invalid_grant', 'example.otp.wrong')

  const late = await aCode()
  server.advance('5m')
  await assertRefused(await redeem(late), 'invalid_grant', 'example.otp.wrong')
})

test('of many requests with the right code exactly one gets tokens', async () => {
  const code = await aCode()
  const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(code)))
  assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
})

test('after three wrong codes the right one is too late', async () => {
  const { otp_id, otp } = await aCode()
  for (let guess = 1; guess <= 3; guess++)
    await assertRefused(await redeem({ otp_id, otp: another(otp) }), 'invalid_grant', 'example.otp.wrong')
  await assertRefused(await redeem({ otp_id, otp }), 'too_many_attempts', 'example.otp.too_many_guesses')
})

test('who has no account gets the same answer and no mail, and nobody gets more than five mails', async () => {
  server.advance('5m')
  const before = server.mails.length
  assert.match((await aCode('nobody@example.com')).otp_id, /^[\w-]{43}$/)
  assert.equal(server.mails.length, before)
  for (let times = 1; times <= 7; times++) await aCode()
  assert.equal(server.mails.length, before + 5)
})

test('the time of the answer does not tell who has an account: it waits for no mail', {
  timeout: 10_000,
}, async (t) => {
  t.after(() => {
    delivery = undefined
  })
  server.advance('5m')
  const held = Promise.withResolvers<void>()
  delivery = () => held.promise
  assert.equal((await post('oauth/otp', { email: user.email })).status, 200)
  held.resolve()
  await server.idle()
})

test('a mail that cannot be sent changes no answer, and is logged without its address', async (t) => {
  t.after(() => {
    delivery = undefined
  })
  server.advance('5m')
  delivery = () => Promise.reject(new Error('no mail today'))
  assert.equal((await post('oauth/otp', { email: user.email })).status, 200)
  await server.idle()
  const entry = server.log.findLast(({ event }) => event === 'mail.failed')
  assert.deepEqual(entry?.fields, { what: 'example.otp', message: 'no mail today' })
})

test('RFC 6749 §5.2: a client that was not given the grant cannot use it', async () => {
  server.advance('5m')
  const other = await server.aClient()
  await assertRefused(
    await redeem(await aCode(), {}, other),
    'unauthorized_client',
    'token.grant_type_not_allowed',
  )
})
