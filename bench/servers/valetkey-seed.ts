import { randomUUID } from 'node:crypto'
import type { Server } from 'valetkey'
import type { SessionId, UserId } from '../../packages/server/src/domain/ids.ts'
import { hashed } from '../../packages/server/src/domain/secrets.ts'
import type { TenantCall } from '../../packages/server/src/domain/tenant-call.ts'
import type { User } from '../../packages/server/src/domain/user.ts'
import type { TokenResponse } from '../../packages/server/src/oauth/token/issuance.ts'
import {
  makeApi,
  makeClient,
  makeClientGrant,
  makeUser,
  type TestClient,
} from '../../packages/server/src/testkit/builders.ts'
import type { PreparedRequest, ScenarioName } from '../contract.ts'
import { inBatches } from './in-batches.ts'
import {
  apiIdentifier,
  apiScope,
  clientCredentialsRequest,
  codeChallenge,
  codeRequest,
  deviceCodesRequest,
  deviceGrantType,
  discoveryRequest,
  implicitRequest,
  introspectionRequest,
  pollRequest,
  population,
  profileClaims,
  pushRequest,
  redirectUri,
  refreshRequest,
  userInfoRequest,
} from './world.ts'

export interface Seeded {
  prepare(scenario: ScenarioName, count: number): Promise<readonly PreparedRequest[]>
}

interface Pair {
  readonly client: TestClient
  /** Value of the cookie that this pair's user is logged in with. */
  readonly cookie: string
}

/** Fills an empty tenant, and answers who gets codes and tokens from the server as its clients would. */
export async function seed(server: Server): Promise<Seeded> {
  const pairs = await populate(await server.call())
  const each = (count: number, make: (pair: Pair) => Promise<PreparedRequest>) =>
    inBatches(count, (index) => make(at(pairs, index)))
  return {
    prepare(scenario, count) {
      switch (scenario) {
        case 'client-credentials-rs256':
          return each(population, async ({ client }) => clientCredentialsRequest(client, 'RS256'))
        case 'client-credentials-es256':
          return each(population, async ({ client }) => clientCredentialsRequest(client, 'ES256'))
        case 'code':
          return each(count, async (pair) => codeRequest(pair.client, await aCode(server, pair, 'openid')))
        case 'refresh':
          return each(count, async (pair) => {
            const { refresh_token } = await tokens(server, pair, 'openid offline_access')
            return refreshRequest(pair.client, refresh_token ?? '')
          })
        case 'userinfo':
          return each(population, async (pair) => {
            const { access_token } = await tokens(server, pair, 'openid profile email')
            return userInfoRequest(access_token)
          })
        case 'introspection':
          return each(population, async (pair) => {
            const { access_token } = await tokens(server, pair, 'openid')
            return introspectionRequest(pair.client, access_token)
          })
        case 'implicit':
          return each(population, async ({ client, cookie }) => implicitRequest(client, cookieHeader(cookie)))
        case 'device-poll':
          return each(count, async ({ client }) => pollRequest(client, await aDeviceCode(server, client)))
        case 'par':
          return each(population, async ({ client }) => pushRequest(client))
        case 'discovery':
          return Promise.resolve([discoveryRequest])
        default:
          return scenario satisfies never
      }
    },
  }
}

async function populate(call: TenantCall): Promise<readonly Pair[]> {
  for (const algorithm of ['RS256', 'ES256'] as const) {
    await makeApi(call, {
      identifier: apiIdentifier(algorithm),
      signingAlgorithm: algorithm,
      scopes: [apiScope],
      tokenDialect: 'rfc9068_profile',
    })
  }
  const first = await makeUser(call, { claims: profileClaims })
  return Promise.all(Array.from({ length: population }, (_, index) => aPair(first, index, call)))
}

async function aPair(first: User, index: number, call: TenantCall): Promise<Pair> {
  const client = await makeClient(call, {
    redirectUris: [redirectUri],
    grantTypes: ['authorization_code', 'refresh_token', 'client_credentials', 'implicit', deviceGrantType],
  })
  for (const algorithm of ['RS256', 'ES256'] as const) {
    await makeClientGrant(call, {
      clientId: client.id,
      audience: apiIdentifier(algorithm),
      scope: [apiScope],
    })
  }
  const user = await call.store.users.create({
    ...first,
    id: `auth0|${randomUUID()}` as UserId,
    email: `ada${index}@example.com`,
  })
  const cookie = randomUUID()
  await call.store.sessions.create({
    id: randomUUID() as SessionId,
    hash: hashed(cookie),
    userId: user.id,
    authenticatedAt: call.now,
    methods: ['pwd'],
    expiresAt: call.now + 86_400,
    idleExpiresAt: call.now + 86_400,
  })
  return { client, cookie }
}

async function aCode(server: Server, { client, cookie }: Pair, scope: string): Promise<string> {
  const url = new URL('authorize', server.issuer)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: redirectUri,
    scope,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
  }).toString()
  const response = await server.fetch(new Request(url, { headers: { cookie: cookieHeader(cookie) } }))
  const code = new URL(response.headers.get('location') ?? '', url).searchParams.get('code')
  if (code === null) throw new Error(`no code: ${response.headers.get('location')}`)
  return code
}

function cookieHeader(session: string): string {
  return `__Host-valetkey_session=${session}`
}

async function aDeviceCode(server: Server, client: TestClient): Promise<string> {
  const codes = await answerOf(server, deviceCodesRequest(client))
  return (codes as { readonly device_code: string }).device_code
}

async function tokens(server: Server, pair: Pair, scope: string): Promise<TokenResponse> {
  const code = await aCode(server, pair, scope)
  return (await answerOf(server, codeRequest(pair.client, code))) as TokenResponse
}

async function answerOf(server: Server, { path, ...init }: PreparedRequest): Promise<unknown> {
  const response = await server.fetch(new Request(new URL(path, server.issuer), init))
  if (!response.ok) throw new Error(`refused: ${await response.text()}`)
  return response.json()
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('there is nothing to choose from')
  return item
}
