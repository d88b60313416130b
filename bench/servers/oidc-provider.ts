// The peer: oidc-provider with its own in-memory adapter, set up to answer the same requests with the same tokens.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent } from '../child-process.ts'
import type { PreparedRequest, ScenarioName, ServerAsks } from '../contract.ts'
import { inBatches } from './in-batches.ts'
import { meter } from './meter.ts'
import { clients, forgetEverything, owner, provider, sessionCookie } from './oidc-provider-setup.ts'
import {
  type Credentials,
  clientCredentialsRequest,
  codeChallenge,
  codeRequest,
  discoveryRequest,
  implicitRequest,
  introspectionRequest,
  pollRequest,
  population,
  pushRequest,
  redirectUri,
  refreshRequest,
  userInfoRequest,
} from './world.ts'

const server = createServer(provider.callback())

answerParent<ServerAsks>({
  ...meter(),
  open: () =>
    new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    }),
  async prepare({ scenario, count }) {
    forgetEverything()
    return prepare(scenario, count)
  },
})

function prepare(scenario: ScenarioName, count: number): Promise<readonly PreparedRequest[]> {
  switch (scenario) {
    case 'client-credentials-rs256':
      return each(population, async (client) => clientCredentialsRequest(client, 'RS256'))
    case 'client-credentials-es256':
      return each(population, async (client) => clientCredentialsRequest(client, 'ES256'))
    case 'code':
      return each(count, async (client, index) => codeRequest(client, await aCode(client, index)))
    case 'refresh':
      return each(count, async (client, index) => refreshRequest(client, await aRefreshToken(client, index)))
    case 'userinfo':
      return each(population, async (client, index) => userInfoRequest(await anAccessToken(client, index)))
    case 'introspection':
      return each(population, async (client, index) =>
        introspectionRequest(client, await anAccessToken(client, index)),
      )
    case 'implicit':
      return each(population, async (client, index) => implicitRequest(client, await aSession(client, index)))
    case 'device-poll':
      return each(count, async (client) => pollRequest(client, await aDeviceCode(client)))
    case 'par':
      return each(population, async (client) => pushRequest(client))
    case 'discovery':
      return Promise.resolve([discoveryRequest])
    default:
      return scenario satisfies never
  }
}

function each(count: number, make: (client: Credentials, index: number) => Promise<PreparedRequest>) {
  return inBatches(count, (index) => {
    const client = clients[index % clients.length]
    if (client === undefined) throw new Error('there is no client')
    return make(client, index)
  })
}

/** What a user's login and consent leave behind, and what a code and a token point to. */
async function authorized({ id }: Credentials, index: number, scope: string) {
  const accountId = owner(index)
  const grant = new provider.Grant({ accountId, clientId: id })
  grant.addOIDCScope(scope)
  const client = await provider.Client.find(id)
  return { accountId, client, scope, grantId: await grant.save(), authTime: Math.floor(Date.now() / 1000) }
}

async function aCode(client: Credentials, index: number): Promise<string> {
  return new provider.AuthorizationCode({
    ...(await authorized(client, index, 'openid')),
    redirectUri,
    codeChallenge,
    codeChallengeMethod: 'S256',
  }).save()
}

async function aRefreshToken(client: Credentials, index: number): Promise<string> {
  const granted = await authorized(client, index, 'openid offline_access')
  return new provider.RefreshToken({ ...granted, gty: 'authorization_code' }).save()
}

async function anAccessToken(client: Credentials, index: number): Promise<string> {
  const granted = await authorized(client, index, 'openid profile email')
  return new provider.AccessToken({ ...granted, gty: 'authorization_code' }).save()
}

/** The cookie of a user who is logged in and was asked for consent. */
async function aSession(client: Credentials, index: number): Promise<string> {
  const { accountId, grantId, authTime } = await authorized(client, index, 'openid')
  const authorizations = { [client.id]: { sid: randomUUID(), grantId } }
  return sessionCookie(
    await new provider.Session({ accountId, loginTs: authTime, authorizations }).save(86_400),
  )
}

async function aDeviceCode({ id }: Credentials): Promise<string> {
  const client = await provider.Client.find(id)
  const params = { client_id: id, scope: 'openid' }
  return new provider.DeviceCode({ client, params, scope: 'openid', userCode: randomUUID() }).save()
}
