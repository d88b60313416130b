// Builders of every noun, with defaults that any store takes. A test states only what matters to it.
import type { Client } from '../../src/domain/client.ts'
import type { Consent } from '../../src/domain/consent.ts'
import type { Branded, GrantId, TenantId } from '../../src/domain/ids.ts'
import type { RefreshToken } from '../../src/domain/refresh-token.ts'
import type { ClientGrant, ResourceServer } from '../../src/domain/resource-server.ts'
import type { Role } from '../../src/domain/role.ts'
import { hashed, type PasswordHash, type Sealed } from '../../src/domain/secrets.ts'
import type { Session } from '../../src/domain/session.ts'
import type { SigningKey } from '../../src/domain/signing-key.ts'
import type { Tenant } from '../../src/domain/tenant.ts'
import type { Connection, PasswordCredential, User } from '../../src/domain/user.ts'

/** Brands a text: `id('a')` is whatever id is wanted. */
export function id<Id extends Branded<string>>(text: string): Id {
  return text as Id
}

/** The time of the tests. */
export const NOW = 1_800_000_000
const HOUR = 3600

export function aTenant(given: Partial<Tenant> = {}): Tenant {
  const settings: Tenant['settings'] = {
    friendlyName: 'Contacts',
    sessionLifetimeSeconds: 72 * HOUR,
    idleSessionLifetimeSeconds: 24 * HOUR,
    administrators: [],
    colors: { primary: '#635dff', pageBackground: '#000000' },
  }
  return { id: id<TenantId>('tenant'), settings, createdAt: NOW, version: 1, ...given }
}

export function aClient(given: Partial<Client> = {}): Client {
  return {
    id: id('client'),
    name: 'Contacts app',
    applicationType: 'regular_web',
    isFirstParty: true,
    secrets: ['sealed' as Sealed],
    tokenEndpointAuthMethod: 'client_secret_post',
    grantTypes: ['authorization_code', 'refresh_token'],
    redirectUris: ['https://app.example/callback'],
    allowSubdomainWildcards: false,
    allowedOrigins: [],
    webOrigins: [],
    allowedLogoutUrls: [],
    idToken: { signingAlgorithm: 'RS256', lifetimeSeconds: 10 * HOUR },
    refreshToken: { rotating: true, leewaySeconds: 0 },
    pkce: { required: true, allowPlain: false },
    metadata: {},
    createdAt: NOW,
    updatedAt: NOW,
    version: 1,
    ...given,
  }
}

export function aResourceServer(given: Partial<ResourceServer> = {}): ResourceServer {
  const resourceServerId = given.id ?? id<ResourceServer['id']>('api')
  return {
    id: resourceServerId,
    identifier: `https://api.example/${resourceServerId}`,
    name: 'Contacts API',
    scopes: [{ value: 'read:contacts', description: 'Read contacts' }],
    signingAlgorithm: 'RS256',
    tokenDialect: 'access_token',
    tokenLifetimeSeconds: 24 * HOUR,
    tokenLifetimeForWebSeconds: 2 * HOUR,
    allowOfflineAccess: true,
    skipConsentForVerifiableFirstPartyClients: true,
    subjectTypeAuthorization: { user: 'allow_all', client: 'require_client_grant' },
    createdAt: NOW,
    updatedAt: NOW,
    version: 1,
    ...given,
  }
}

export function aClientGrant(given: Partial<ClientGrant> = {}): ClientGrant {
  const grantId = given.id ?? id<ClientGrant['id']>('client-grant')
  return {
    id: grantId,
    clientId: id('client'),
    audience: `https://api.example/${grantId}`,
    subjectType: 'client',
    scope: ['read:contacts'],
    allowAllScopes: false,
    createdAt: NOW,
    version: 1,
    ...given,
  }
}

export function aConnection(given: Partial<Connection> = {}): Connection {
  const connectionId = given.id ?? id<Connection['id']>('connection')
  return {
    id: connectionId,
    name: `name of ${connectionId}`,
    strategy: 'auth0',
    enabledClients: 'all',
    createdAt: NOW,
    version: 1,
    ...given,
  }
}

export function aUser(given: Partial<User> = {}): User {
  const userId = given.id ?? id<User['id']>('auth0|user')
  return {
    id: userId,
    connectionId: id('connection'),
    // Ids that differ in case alone are two users, addresses are not.
    email: `${Buffer.from(userId).toString('hex')}@mail.example`,
    emailVerified: true,
    phoneNumberVerified: false,
    claims: { name: 'Ada Lovelace', address: { country: 'GB' } },
    blocked: false,
    userMetadata: { theme: 'dark', size: 1.5, nothing: null },
    appMetadata: {},
    createdAt: NOW,
    updatedAt: NOW,
    version: 1,
    ...given,
  }
}

export function aPassword(given: Partial<PasswordCredential> = {}): PasswordCredential {
  const hash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA' as PasswordHash
  return { userId: id('auth0|user'), hash, updatedAt: NOW, ...given }
}

export function aRole(given: Partial<Role> = {}): Role {
  const roleId = given.id ?? id<Role['id']>('role')
  return {
    id: roleId,
    name: `Editor ${roleId}`,
    description: 'May edit contacts',
    permissions: [{ audience: 'https://api.example/api', scope: 'read:contacts' }],
    createdAt: NOW,
    updatedAt: NOW,
    version: 1,
    ...given,
  }
}

export function aSession(given: Partial<Session> = {}): Session {
  const sessionId = given.id ?? id<Session['id']>('session')
  return {
    id: sessionId,
    hash: hashed(`cookie of ${sessionId}`),
    userId: id('auth0|user'),
    authenticatedAt: NOW,
    methods: ['pwd', 'otp'],
    expiresAt: NOW + 72 * HOUR,
    idleExpiresAt: NOW + 24 * HOUR,
    ...given,
  }
}

export function aConsent(given: Partial<Consent> = {}): Consent {
  return {
    userId: id('auth0|user'),
    clientId: id('client'),
    audience: 'https://api.example/api',
    granted: ['read:contacts'],
    declined: ['write:contacts'],
    updatedAt: NOW,
    ...given,
  }
}

export function aRefreshToken(given: Partial<RefreshToken> = {}): RefreshToken {
  return {
    selector: hashed('selector'),
    current: hashed('first'),
    grantId: id<GrantId>('grant'),
    clientId: id('client'),
    userId: id('auth0|user'),
    sessionId: id('session'),
    audience: 'https://api.example/api',
    scope: ['openid', 'offline_access'],
    identity: {
      userInfoClaims: ['email'],
      idTokenClaims: ['nickname'],
      acr: 'urn:example:password',
      methods: ['pwd'],
    },
    authenticatedAt: NOW,
    createdAt: NOW,
    expiresAt: NOW + 720 * HOUR,
    idleExpiresAt: NOW + 360 * HOUR,
    ...given,
  }
}

export function aSigningKey(given: Partial<SigningKey> = {}): SigningKey {
  const { algorithm = 'RS256', sequence = 1 } = given
  const kid = given.kid ?? `${algorithm} ${sequence}`
  return {
    kid,
    algorithm,
    sequence,
    publicJwk: { kty: 'RSA', kid, use: 'sig', alg: algorithm, n: 'n', e: 'AQAB' },
    privateJwk: 'sealed'.repeat(400) as Sealed,
    createdAt: NOW,
    ...given,
  }
}
