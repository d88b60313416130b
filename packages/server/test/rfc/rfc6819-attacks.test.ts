// Threats of RFC 6819 §4 that no test of a single feature makes. The whole list, with every proof, is docs/attacks.md.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { temporaryDirectory } from '../stores/temporary-directory.ts'
import { assertionClaims, clientKey, fakeNetwork, jwtBearer, signedBy } from './client-keys.ts'
import { aDeviceClient, approve, codesFor, enter, poll, toConsent } from './devices.ts'
import {
  claimsOf,
  codeFor,
  form,
  granted,
  headerOf,
  json,
  redeem,
  refresh,
  token,
  userInfo,
} from './requests.ts'

const network = fakeNetwork()
const server = await startTestServer({ fetcher: network.fetcher })
after(() => server.close())
const user = await server.aUser()
const api = await server.anApi()
const client = await server.aClient()
const tokens = await server.signIn({ client, user, api, scope: 'openid read:contacts' })
const { id_token: idToken = '', access_token: accessToken } = tokens

const attacker = await clientKey('RS256', 'attacker')
const kids = [
  { name: 'a path', kid: '../../../../dev/null' },
  { name: 'an absolute path', kid: '/proc/sys/kernel/randomize_va_space' },
  { name: 'SQL', kid: "x' UNION SELECT 'AAAA" },
  { name: 'a shell', kid: 'x|/bin/true;$(id)' },
  { name: 'an address', kid: 'https://evil.test/jwks.json' },
  { name: 'very long', kid: 'k'.repeat(6000) },
  { name: 'empty', kid: '' },
  { name: 'a NUL', kid: '\u0000' },
  { name: 'a member of every object', kid: '__proto__' },
  { name: 'another one', kid: 'constructor' },
  { name: 'an object', kid: { toString: 'x' } },
  { name: 'an array', kid: ['x'] },
  { name: 'a number', kid: 0 },
  { name: 'null', kid: null },
  { name: 'ours', kid: headerOf(accessToken).kid },
] as const

test('RFC 8725 §3.10: a forged token chooses its key by no kid', async (t) => {
  const asked = network.asked.length
  for (const { name, kid } of kids) {
    await t.test(name, async () => {
      // jose would not sign under a kid that is no string; the attacker would.
      const forge = async (claims: object) => {
        const [, body, signature] = (await signedBy(attacker, { ...claims })).split('.')
        const header = Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'JWT', kid })).toString('base64url')
        return `${header}.${body}.${signature}`
      }
      assert.equal((await userInfo(server, await forge(claimsOf(accessToken)))).status, 401)
      assert.equal(server.lastRefusal(), 'userinfo.invalid_token')
      const hint = await forge(claimsOf(idToken))
      const body = form({ id_token_hint: hint })
      const logout = await server.fetch(`${server.issuer}oidc/logout`, { method: 'POST', body })
      assert.equal(logout.status, 400)
      assert.equal(server.lastRefusal(), 'logout.id_token_hint_invalid')
    })
  }
  assert.equal(network.asked.length, asked)
})

test('RFC 8725 §3.10: a client assertion chooses its key by no kid', async (t) => {
  const own = await clientKey('RS256', 'own')
  const machine = await server.aClient({
    tokenEndpointAuthMethod: 'private_key_jwt',
    jwks: { keys: [own.publicJwk] },
  })
  const asked = network.asked.length
  for (const { name, kid } of [...kids, { name: 'its own', kid: 'own' }]) {
    await t.test(name, async () => {
      const claims = assertionClaims(server, machine.id)
      const jwt = await signedBy(attacker, claims, {
        jku: 'https://evil.test/',
        ...(typeof kid === 'string' && { kid }),
      })
      const given = {
        grant_type: 'client_credentials',
        client_assertion: jwt,
        client_assertion_type: jwtBearer,
      }
      const response = await token(server, given)
      assert.deepEqual([response.status, (await json(response)).error], [401, 'invalid_client'])
    })
  }
  assert.equal(network.asked.length, asked)
})

test('RFC 8628 §5.4: nobody allows a device by a link, or for another device', async () => {
  const device = await aDeviceClient(server)
  const rival = await aDeviceClient(server)
  const codes = await codesFor(server, device)
  const own = server.browser()
  const consent = await toConsent(server, own, user, codes.user_code)
  await own.open(`${consent.url}&action=accept&scope=openid&csrf_token=x`)
  await own.open(`${server.issuer}activate?user_code=${codes.user_code}&action=continue`)
  await own.open(codes.verification_uri_complete)
  assert.equal((await json(await poll(server, device, codes.device_code))).error, 'authorization_pending')
  assert.match(consent.html, new RegExp(codes.user_code))
  await own.allow(consent)
  server.advance('10s')
  const stolen = await poll(server, rival, codes.device_code)
  assert.deepEqual(
    [(await json(stolen)).error, server.lastRefusal()],
    ['invalid_grant', 'device.other_client'],
  )
  const again = await enter(server, server.browser(), codes.user_code)
  assert.equal(again.status, 400)
  await granted(await poll(server, device, codes.device_code))
})

test('RFC 6819 §4.3.2, RFC 6819 §4.6.7: neither the log nor the database holds what was issued or sent', async () => {
  const directory = temporaryDirectory()
  const kept = await startTestServer({ settings: { store: { sqlite: { file: directory.file } } } })
  const owner = { client: await kept.aClient(), user: await kept.aUser() }
  const code = await codeFor(kept, owner, { scope: 'openid offline_access' })
  const first = await granted(await redeem(kept, owner.client, code))
  const second = await granted(await refresh(kept, owner.client, first.refresh_token))
  await refresh(kept, owner.client, first.refresh_token)
  const device = await aDeviceClient(kept)
  const codes = await codesFor(kept, device)
  await approve(kept, owner.user, codes.user_code)
  const waiting = await codeFor(kept, owner)
  const log = JSON.stringify(kept.log)
  await kept.close()
  const files = readdirSync(directory.path).map((name) => readFileSync(join(directory.path, name), 'latin1'))
  directory.remove()
  assert.ok(files.join().includes(owner.client.id), 'the files are read')
  const secrets = {
    code,
    waiting,
    first: first.access_token,
    refresh: first.refresh_token?.split('.')[1],
    successor: second.refresh_token?.split('.')[1],
    device: codes.device_code,
    secret: owner.client.secret,
    password: owner.user.password,
  }
  for (const [name, secret] of Object.entries(secrets)) {
    assert.ok(secret, name)
    assert.ok(!log.includes(secret), `${name} is in the log`)
    assert.ok(!files.some((file) => file.includes(secret)), `${name} is in the database`)
  }
})
