// The peer: oidc-provider with its own in-memory adapter, set up to answer the same requests with the same tokens.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerParent } from '../child-process.ts'
import type { PreparedRequest, ScenarioName, ServerAsks } from '../contract.ts'
import { meter } from './meter.ts'
import { clients, forgetEverything, owner, provider } from './oidc-provider-setup.ts'
import {
  type Credentials,
  clientCredentialsRequest,
  codeChallenge,
  codeRequest,
  discoveryRequest,
  population,
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
    case 'discovery':
      return Promise.resolve([discoveryRequest])
    default:
      return scenario satisfies never
  }
}

function each(count: number, make: (client: Credentials, index: number) => Promise<PreparedRequest>) {
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const client = clients[index % clients.length]
      if (client === undefined) throw new Error('there is no client')
      return make(client, index)
    }),
  )
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
