import { hashPassword } from '../accounts/password.ts'
import { type Client, clientSecretPurpose } from '../domain/client.ts'
import type { ClientGrantId, ClientId, ConnectionId, ResourceServerId, UserId } from '../domain/ids.ts'
import { randomHex, randomToken } from '../domain/ports.ts'
import type { ClientGrant, ResourceServer } from '../domain/resource-server.ts'
import type { TenantCall } from '../domain/tenant-call.ts'
import type { User } from '../domain/user.ts'

/** A client with the secret that it may use. */
export interface TestClient extends Client {
  /** The empty string for a public client. */
  readonly secret: string
}

export interface TestUser extends User {
  readonly email: string
  readonly password: string
}

/** Makes a confidential web client whose code flow passes; a test states only what matters to it. */
export async function makeClient(call: TenantCall, given: Partial<Client> = {}): Promise<TestClient> {
  const isPublic = given.tokenEndpointAuthMethod === 'none'
  const secret = isPublic ? '' : randomToken(call.ports.random, 48)
  const id = given.id ?? (randomHex(call.ports.random, 16) as ClientId)
  const client = await call.store.clients.create({
    id,
    name: 'Test Application',
    applicationType: 'regular_web',
    isFirstParty: true,
    secrets: isPublic ? [] : [call.ports.sealer.seal(secret, clientSecretPurpose(id))],
    tokenEndpointAuthMethod: 'client_secret_post',
    grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
    redirectUris: ['https://app.test/callback'],
    allowSubdomainWildcards: false,
    allowedOrigins: [],
    webOrigins: [],
    allowedLogoutUrls: [],
    idToken: { signingAlgorithm: 'RS256', lifetimeSeconds: 36_000 },
    refreshToken: {
      rotating: true,
      leewaySeconds: 0,
      lifetimeSeconds: 2_592_000,
      idleLifetimeSeconds: 1_296_000,
    },
    pkce: { required: false, allowPlain: false },
    metadata: {},
    createdAt: call.now,
    updatedAt: call.now,
    version: 1,
    ...given,
  })
  return { ...client, secret }
}

export interface GivenApi extends Partial<Omit<ResourceServer, 'scopes'>> {
  /** Scope values; each is described by its own name. */
  readonly scopes?: readonly string[]
}

/** Makes an API with RS256 tokens in Auth0's dialect and the scopes `read:contacts` and `create:contacts`. */
export async function makeApi(call: TenantCall, given: GivenApi = {}): Promise<ResourceServer> {
  const { scopes = ['read:contacts', 'create:contacts'], ...members } = given
  return call.store.resourceServers.create({
    id: randomHex(call.ports.random) as ResourceServerId,
    identifier: 'https://contacts.test/',
    name: 'Contacts API',
    scopes: scopes.map((value) => ({ value, description: `May ${value.replace(':', ' ')}` })),
    signingAlgorithm: 'RS256',
    tokenDialect: 'access_token',
    tokenLifetimeSeconds: 86_400,
    tokenLifetimeForWebSeconds: 7200,
    allowOfflineAccess: true,
    skipConsentForVerifiableFirstPartyClients: true,
    subjectTypeAuthorization: { user: 'allow_all', client: 'require_client_grant' },
    createdAt: call.now,
    updatedAt: call.now,
    version: 1,
    ...members,
  })
}

/** Lets a client ask for an API's scopes: for itself, unless `subjectType` is `user`. */
export async function makeClientGrant(
  call: TenantCall,
  given: Pick<ClientGrant, 'clientId' | 'audience' | 'scope'> & Partial<ClientGrant>,
): Promise<ClientGrant> {
  return call.store.clientGrants.create({
    id: `cgr_${randomHex(call.ports.random, 8)}` as ClientGrantId,
    subjectType: 'client',
    allowAllScopes: false,
    createdAt: call.now,
    version: 1,
    ...given,
  })
}

/** Makes a user of the tenant's first connection, with every claim of the standard scopes. */
export async function makeUser(
  call: TenantCall,
  given: Partial<User> & { readonly password?: string } = {},
): Promise<TestUser> {
  const { password = 'correct horse battery staple', ...members } = given
  const email = members.email ?? 'ada@example.com'
  const user = await call.store.users.create({
    id: `auth0|${randomHex(call.ports.random)}` as UserId,
    connectionId: await firstConnection(call),
    email,
    emailVerified: true,
    phoneNumber: '+441632960000',
    phoneNumberVerified: true,
    claims: {
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
      middle_name: 'King',
      nickname: 'ada',
      preferred_username: 'ada',
      profile: 'https://ada.example.com/',
      picture: 'https://ada.example.com/picture.png',
      website: 'https://ada.example.com/notes',
      gender: 'female',
      birthdate: '1815-12-10',
      zoneinfo: 'Europe/London',
      locale: 'en-GB',
      address: { formatted: '12 St James Square, London', country: 'United Kingdom' },
    },
    blocked: false,
    userMetadata: {},
    appMetadata: {},
    createdAt: call.now,
    updatedAt: call.now,
    version: 1,
    ...members,
  })
  await call.store.passwords.save({
    userId: user.id,
    hash: await hashPassword(password),
    updatedAt: call.now,
  })
  return { ...user, email, password }
}

async function firstConnection(call: TenantCall): Promise<ConnectionId> {
  const [connection] = (await call.store.connections.list({ limit: 1 })).items
  if (connection === undefined) throw new Error('the tenant has no connection')
  return connection.id
}
