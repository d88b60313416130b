import { randomUUID } from 'node:crypto'
import type { Server } from 'valetkey'
import type { SessionId, UserId } from '../../packages/server/src/domain/ids.ts'
import { hashed } from '../../packages/server/src/domain/secrets.ts'
import type { Login } from '../../packages/server/src/domain/session.ts'
import type { User } from '../../packages/server/src/domain/user.ts'
import { issueCode } from '../../packages/server/src/oauth/authorize/issue.ts'
import { builtIns } from '../../packages/server/src/oauth/built-ins.ts'
import type { Call } from '../../packages/server/src/oauth/call.ts'
import { newGrantId } from '../../packages/server/src/oauth/grant-id.ts'
import { createKeyRing } from '../../packages/server/src/oauth/keys/key-ring.ts'
import { createRegistry } from '../../packages/server/src/oauth/registry.ts'
import type { TokenResponse } from '../../packages/server/src/oauth/token/issuance.ts'
import { issue } from '../../packages/server/src/oauth/token/issue.ts'
import {
  makeApi,
  makeClient,
  makeClientGrant,
  makeUser,
  type TestClient,
} from '../../packages/server/src/testkit/builders.ts'
import type { PreparedRequest, ScenarioName } from '../contract.ts'
import {
  apiIdentifier,
  apiScope,
  clientCredentialsRequest,
  codeChallenge,
  codeRequest,
  discoveryRequest,
  population,
  profileClaims,
  redirectUri,
  refreshRequest,
  userInfoRequest,
} from './world.ts'

export interface Seeded {
  prepare(scenario: ScenarioName, count: number): Promise<readonly PreparedRequest[]>
}

interface Pair {
  readonly client: TestClient
  readonly login: Login
}

/** Fills an empty tenant, and answers who makes codes and tokens in it with the server's own functions. */
export async function seed(server: Server): Promise<Seeded> {
  const pairs = await populate(await callOf(server))
  const each = async (count: number, make: (pair: Pair, call: Call) => Promise<PreparedRequest>) => {
    const call = await callOf(server)
    return Promise.all(Array.from({ length: count }, (_, index) => make(at(pairs, index), call)))
  }
  return {
    prepare(scenario, count) {
      switch (scenario) {
        case 'client-credentials-rs256':
          return each(population, async ({ client }) => clientCredentialsRequest(client, 'RS256'))
        case 'client-credentials-es256':
          return each(population, async ({ client }) => clientCredentialsRequest(client, 'ES256'))
        case 'code':
          return each(count, async (pair, call) => codeRequest(pair.client, await aCode(pair, call)))
        case 'refresh':
          return each(count, async (pair, call) => {
            const { refresh_token } = await tokens(pair, ['openid', 'offline_access'], call)
            return refreshRequest(pair.client, refresh_token ?? '')
          })
        case 'userinfo':
          return each(population, async (pair, call) => {
            const { access_token } = await tokens(pair, ['openid', 'profile', 'email'], call)
            return userInfoRequest(access_token)
          })
        case 'discovery':
          return Promise.resolve([discoveryRequest])
        default:
          return scenario satisfies never
      }
    },
  }
}

async function callOf(server: Server): Promise<Call> {
  const call = await server.call()
  return { ...call, registry: createRegistry(builtIns), keys: createKeyRing(call.store, call.ports.sealer) }
}

async function populate(call: Call): Promise<readonly Pair[]> {
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

async function aPair(first: User, index: number, call: Call): Promise<Pair> {
  const client = await makeClient(call, { redirectUris: [redirectUri] })
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
  const session = {
    id: randomUUID() as SessionId,
    hash: hashed(randomUUID()),
    userId: user.id,
    authenticatedAt: call.now,
    methods: ['pwd'],
    expiresAt: call.now + 86_400,
    idleExpiresAt: call.now + 86_400,
  }
  await call.store.sessions.create(session)
  return { client, login: { session, user } }
}

async function aCode({ client, login }: Pair, call: Call): Promise<string> {
  const scope = ['openid']
  const request = {
    clientId: client.id,
    redirectUri: { value: redirectUri, sent: true },
    responseType: 'code',
    responseMode: 'query',
    scope,
    pkce: { challenge: codeChallenge, method: 'S256' as const },
    prompt: [],
  }
  const parameters = new Map(await issueCode(request, scope, login, call))
  return parameters.get('code') ?? ''
}

function tokens({ client, login }: Pair, scope: readonly string[], call: Call): Promise<TokenResponse> {
  const { user, session } = login
  const subject = { kind: 'user' as const, user, authenticatedAt: session.authenticatedAt, idToken: {} }
  const grantId = newGrantId(call.ports.random)
  return issue({ subject, grantId, scope, refreshToken: { kind: 'new' } }, client, call)
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('there is nothing to choose from')
  return item
}
