// What was exchanged dies with what it was exchanged for, however that dies and however often it was exchanged.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { ResourceServer } from '../../src/domain/resource-server.ts'
import { startTestServer, type TestClient, type TestServer } from '../../src/testkit/testkit.ts'
import { anOwner, type Owner, takeBack } from '../support/applications-page.ts'
import { engines } from '../support/engines.ts'
import { anExchanger, exchange } from './exchanges.ts'
import { assertJsonRefusal, claimsOf, credentials, form, granted, json, refresh, rowsOf } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const front = await server.anApi({ identifier: 'https://front.test/' })
const scope = 'openid offline_access read:contacts'

/** APIs whose tokens are JWTs, and APIs whose tokens only this server can read. */
const formats = [
  { format: 'jwt', ...(await someApis('jwt')) },
  { format: 'opaque', ...(await someApis('opaque')) },
] as const

async function someApis(tokenFormat: string) {
  const anApi = (name: string) =>
    server.anApi({ identifier: `https://${tokenFormat}-${name}.test/`, tokenFormat })
  return { middle: await anApi('middle'), back: await anApi('back') }
}

interface Chain {
  readonly owner: Owner
  /** Where the owner logged in. */
  readonly app: TestClient
  /** The API of the front, which exchanges for the middle. */
  readonly gateway: TestClient
  /** The API of the middle, which exchanges for the back. */
  readonly relay: TestClient
  readonly tokens: Readonly<Record<'app' | 'gateway' | 'relay', string>>
  readonly refreshToken: string
}

let count = 0
/** An owner logs in to an app; its token is exchanged, and what comes of it is exchanged again. */
async function aChain({ middle, back }: Readonly<Record<'middle' | 'back', ResourceServer>>): Promise<Chain> {
  const owner = await anOwner(server, `owner${++count}@example.com`)
  const app = await server.aClient({ name: 'App' })
  const gateway = await anExchanger(server, { name: 'Gateway', of: front, target: middle })
  const relay = await anExchanger(server, { name: 'Relay', of: middle, target: back })
  const first = await server.signIn({ ...owner, client: app, api: front, scope })
  const second = await exchanged(gateway, first.access_token, middle)
  const third = await exchanged(relay, second, back)
  server.advance('1s')
  const tokens = { app: first.access_token, gateway: second, relay: third }
  return { owner, app, gateway, relay, tokens, refreshToken: first.refresh_token ?? '' }
}

async function exchanged(as: TestClient, token: string, { identifier: audience }: ResourceServer) {
  return (await granted(await exchange(server, as, token, { audience }))).access_token ?? ''
}

function post(path: string, as: TestClient, token: string): Promise<Response> {
  const body = form({ ...credentials(as), token })
  return server.fetch(`${server.issuer}${path}`, { method: 'POST', body })
}

/** Whether the tokens of app, gateway and relay are in force, as their clients are told. */
async function inForce({ app, gateway, relay, tokens }: Chain): Promise<readonly boolean[]> {
  const asked = await Promise.all([
    post('oauth/introspect', app, tokens.app),
    post('oauth/introspect', gateway, tokens.gateway),
    post('oauth/introspect', relay, tokens.relay),
  ])
  const answers = await Promise.all(asked.map((response) => json(response)))
  return answers.map(({ active }) => active === true)
}

for (const { format, ...apis } of formats) {
  test(`RFC 8693 §2.1: exchanged tokens are in force, and tell no client more than before, as ${format}`, async () => {
    const chain = await aChain(apis)
    assert.deepEqual(await inForce(chain), [true, true, true])
    const answer = await json(await post('oauth/introspect', chain.relay, chain.tokens.relay))
    assert.deepEqual(
      [answer.client_id, answer.sub, 'act' in answer],
      [chain.relay.id, chain.owner.user.id, false],
    )
  })

  const ends: readonly {
    readonly name: string
    end(chain: Chain): Promise<unknown>
    readonly left: readonly boolean[]
  }[] = [
    {
      name: 'the owner takes the access of the app back',
      end: ({ owner, app }) => takeBack(server, owner, app.id),
      left: [false, false, false],
    },
    {
      name: 'the owner takes the access of the gateway back',
      end: ({ owner, gateway }) => takeBack(server, owner, gateway.id),
      left: [true, false, false],
    },
    {
      name: 'the owner takes the access of the relay back',
      end: ({ owner, relay }) => takeBack(server, owner, relay.id),
      left: [true, true, false],
    },
    {
      name: 'the app revokes its access token',
      end: ({ app, tokens }) => post('oauth/revoke', app, tokens.app),
      left: [false, false, false],
    },
    {
      name: 'the gateway revokes its access token',
      end: ({ gateway, tokens }) => post('oauth/revoke', gateway, tokens.gateway),
      left: [true, false, false],
    },
    {
      name: 'the relay revokes its access token',
      end: ({ relay, tokens }) => post('oauth/revoke', relay, tokens.relay),
      left: [true, true, false],
    },
    {
      name: 'the app revokes its refresh token',
      end: ({ app, refreshToken }) => post('oauth/revoke', app, refreshToken),
      left: [false, false, false],
    },
    {
      name: 'the app is deleted',
      end: ({ app }) => rowsOf(server).clients.delete(app.id),
      left: [false, false, false],
    },
    {
      name: 'the gateway is deleted',
      end: ({ gateway }) => rowsOf(server).clients.delete(gateway.id),
      left: [true, false, false],
    },
  ]
  for (const { name, end, left } of ends) {
    test(`RFC 7009 §2.1: what was exchanged is over once ${name}, as ${format}`, async () => {
      const chain = await aChain(apis)
      const other = await aChain(apis)
      await end(chain)
      assert.deepEqual(await inForce(chain), left)
      assert.deepEqual(await inForce(other), [true, true, true], 'nobody else is concerned')
    })
  }
}

test('RFC 7009 §2.1: another access token of the same grant is not concerned by the end of one', async () => {
  const [{ middle, back }] = formats
  const chain = await aChain({ middle, back })
  const renewed = await granted(await refresh(server, chain.app, chain.refreshToken))
  const second = await exchanged(chain.gateway, renewed.access_token ?? '', middle)
  await post('oauth/revoke', chain.app, chain.tokens.app)
  assert.deepEqual(await inForce(chain), [false, false, false])
  const answer = await json(await post('oauth/introspect', chain.gateway, second))
  assert.equal(answer.active, true)
})

test('RFC 7592 §2.3: the token of a client that is gone is exchanged by nobody', async () => {
  const [{ middle, back }] = formats
  const chain = await aChain({ middle, back })
  await rowsOf(server).clients.delete(chain.app.id)
  const given = { audience: middle.identifier }
  await assertJsonRefusal(server, await exchange(server, chain.gateway, chain.tokens.app, given), {
    error: 'invalid_request',
    rule: 'exchange.subject_token_invalid',
  })
})

test("RFC 7009 §2.1: a client whose access was taken back gets none by another client's token, until there is a new grant", async () => {
  const [{ middle, back }] = formats
  const { owner, app, gateway, tokens } = await aChain({ middle, back })
  await takeBack(server, owner, gateway.id)
  server.advance('1s')
  const given = { audience: middle.identifier }
  await assertJsonRefusal(server, await exchange(server, gateway, tokens.app, given), {
    error: 'invalid_request',
    rule: 'exchange.subject_token_invalid',
  })
  const again = await server.signIn({ ...owner, client: app, api: front, scope })
  await granted(await exchange(server, gateway, again.access_token, given))
})

test('RFC 8693 §2.1: the jti of an exchanged token begins with that of its subject token, and no claim is new', async () => {
  const [{ middle, back }] = formats
  const { tokens } = await aChain({ middle, back })
  const [first, second, third] = [tokens.app, tokens.gateway, tokens.relay].map((token) => claimsOf(token))
  assert.ok(String(second?.jti).startsWith(`${first?.jti}~`))
  assert.ok(String(third?.jti).startsWith(`${second?.jti}~`))
  const known = ['aud', 'azp', 'exp', 'gty', 'iat', 'iss', 'jti', 'scope', 'sub']
  assert.deepEqual(Object.keys(third ?? {}).sort(), known)
})

test('RFC 8693 §2.2.2: eight exchanges are the most that a token can be away from its login', async () => {
  const owner = await anOwner(server, 'often@example.com')
  const client = await anExchanger(server, { target: front })
  let token = (await server.signIn({ ...owner, client, api: front, scope: 'read:contacts' })).access_token
  for (let times = 1; times <= 8; times++) token = await exchanged(client, token, front)
  const answer = await json(await post('oauth/introspect', client, token))
  assert.equal(answer.active, true)
  await assertJsonRefusal(server, await exchange(server, client, token), {
    error: 'invalid_request',
    rule: 'exchange.too_often',
  })
})

// A token is exchanged while its owner takes the access of its client back: nothing that works may be left.
async function takeBackWhileExchanging(racing: TestServer): Promise<void> {
  const api = await racing.anApi()
  const owner = await anOwner(racing, 'races@example.com')
  const app = await racing.aClient({ name: 'App' })
  const gateway = await anExchanger(racing, { of: api, target: api })
  const { access_token } = await racing.signIn({ ...owner, client: app, api, scope: 'read:contacts' })
  racing.advance('1s')
  const given = { audience: api.identifier }
  const exchanges = () => Array.from({ length: 25 }, () => exchange(racing, gateway, access_token, given))
  const answers = await Promise.all([...exchanges(), takeBack(racing, owner, app.id), ...exchanges()])
  for (const answer of answers) {
    if (!(answer instanceof Response)) continue
    assert.ok(answer.status === 200 || answer.status === 400)
    const body = form({ ...credentials(gateway), token: String((await json(answer)).access_token) })
    const asked = await racing.fetch(`${racing.issuer}oauth/introspect`, { method: 'POST', body })
    assert.notEqual((await json(asked)).active, true)
  }
}

for (const { name, start } of engines) {
  test(`RFC 7009 §2.1: taking access back while it is exchanged leaves nothing that works, on ${name}`, async (t) => {
    const racing = await start()
    t.after(() => racing.close())
    await takeBackWhileExchanging(racing)
  })
}
