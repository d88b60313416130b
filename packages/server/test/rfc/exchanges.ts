// What the tests of RFC 8693 share: clients that exchange tokens, and their requests.
import type { ResourceServer } from '../../src/domain/resource-server.ts'
import type { TestClient, TestServer } from '../../src/testkit/testkit.ts'
import { credentials, type Given, token } from './requests.ts'

export const exchangeGrantType = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
export const idTokenType = 'urn:ietf:params:oauth:token-type:id_token'

/** A client that is the API `of` where one is named, and that may exchange tokens for all that `target` defines. */
export async function anExchanger(
  server: TestServer,
  {
    of,
    target,
    ...given
  }: Parameters<TestServer['aClient']>[0] & {
    readonly of?: ResourceServer
    readonly target: ResourceServer
  },
): Promise<TestClient> {
  const client = await server.aClient({
    grantTypes: ['authorization_code', 'refresh_token', exchangeGrantType],
    tokenExchange: { impersonation: true, delegation: true },
    ...(of !== undefined && { resourceServerIdentifier: of.identifier }),
    ...given,
  })
  const scope = target.scopes.map(({ value }) => value)
  const { identifier: audience } = target
  await server.aClientGrant({ clientId: client.id, audience, scope, subjectType: 'user' })
  return client
}

/** Exchanges a token, by default an access token. */
export function exchange(
  server: TestServer,
  as: TestClient,
  subjectToken: string | undefined,
  given: Given = {},
): Promise<Response> {
  return token(server, {
    grant_type: exchangeGrantType,
    ...credentials(as),
    subject_token: subjectToken,
    subject_token_type: accessTokenType,
    ...given,
  })
}
