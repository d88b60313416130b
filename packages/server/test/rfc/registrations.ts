// What the tests of registration share.
import assert from 'node:assert/strict'
import type { RegistrationSettings } from '../../src/domain/tenant.ts'
import type { TestServer } from '../../src/testkit/testkit.ts'
import { json } from './requests.ts'

export const openToAll: RegistrationSettings = { initialAccessTokens: [], softwareStatementIssuers: [] }

/** Lets clients register as the settings say; nobody where they are absent. */
export async function allowRegistration(
  server: TestServer,
  registration?: RegistrationSettings,
): Promise<void> {
  const [tenant] = (await server.store.tenants.list({ limit: 1 })).items
  assert.ok(tenant)
  const { registration: _, ...settings } = tenant.settings
  await server.store.tenants.update({
    ...tenant,
    settings: { ...settings, ...(registration !== undefined && { registration }) },
  })
}

/** Sends metadata to a registration endpoint, with a bearer token where one is given. */
export function send(
  server: TestServer,
  method: 'POST' | 'PUT',
  url: string,
  metadata: object,
  token?: string,
): Promise<Response> {
  return server.fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(metadata),
  })
}

export function register(server: TestServer, metadata: object, token?: string): Promise<Response> {
  return send(server, 'POST', `${server.issuer}oidc/register`, metadata, token)
}

export const callback = 'https://app.test/callback'

/** Registers a client that must be accepted, and answers its information. */
export async function registered(
  server: TestServer,
  metadata: object = {},
): Promise<Record<string, unknown> & { readonly [Name in Text]: string }> {
  const response = await register(server, { redirect_uris: [callback], ...metadata })
  const information = await json(response)
  assert.equal(response.status, 201, JSON.stringify(information))
  const of = (name: Text) => String(information[name])
  return {
    ...information,
    client_id: of('client_id'),
    client_secret: of('client_secret'),
    registration_client_uri: of('registration_client_uri'),
    registration_access_token: of('registration_access_token'),
  }
}

type Text = 'client_id' | 'client_secret' | 'registration_client_uri' | 'registration_access_token'
