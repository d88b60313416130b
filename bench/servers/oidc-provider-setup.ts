import { createHmac, randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import type { SigningAlgorithm } from '../contract.ts'
import {
  apiIdentifier,
  apiScope,
  type Credentials,
  deviceGrantType,
  issuer,
  population,
  profileClaims,
  redirectUri,
} from './world.ts'

type Model = new (properties: object) => { save(): Promise<string> }
type Grant = new (properties: object) => { save(): Promise<string>; addOIDCScope(scope: string): void }

interface Provider {
  callback(): RequestListener
  readonly Client: { find(id: string): Promise<object> }
  readonly Grant: Grant
  readonly AccessToken: Model
  readonly AuthorizationCode: Model
  readonly DeviceCode: Model
  readonly RefreshToken: Model
  readonly Session: new (properties: object) => { save(lifetimeSeconds: number): Promise<string> }
}
interface Storage {
  clear(): void
}
type ProviderModule = { readonly Provider: new (issuer: string, configuration: object) => Provider }
type AdapterModule = { readonly default: new (model: string, storage: Storage) => object }
type StorageModule = { readonly default: new (options: { readonly maxSize: number }) => Storage }

// The package has no types, so its names are kept from the compiler.
const { Provider }: ProviderModule = await import('oidc-provider' as string)
const { default: MemoryAdapter }: AdapterModule = await import(
  'oidc-provider/lib/adapters/memory_adapter.js' as string
)
const { default: Storage }: StorageModule = await import('oidc-provider/lib/helpers/lru.js' as string)

// Its adapter holds 1000 entries and would forget our codes; this is the same adapter over the same storage, with room.
const storage = new Storage({ maxSize: 1_000_000 })
class RoomyMemoryAdapter extends MemoryAdapter {
  constructor(model: string) {
    super(model, storage)
  }
}

/** Empties the adapter between two windows, so that no garbage collector walks through old tokens. */
export function forgetEverything(): void {
  storage.clear()
}

export const clients: readonly Credentials[] = Array.from({ length: population }, () => ({
  id: randomBytes(16).toString('hex'),
  secret: randomBytes(48).toString('base64url'),
}))

/** The account of the n-th user. */
export function owner(index: number): string {
  return `auth0|${index % population}`
}

const algorithms: Readonly<Record<string, SigningAlgorithm>> = {
  [apiIdentifier('RS256')]: 'RS256',
  [apiIdentifier('ES256')]: 'ES256',
}

const cookieKey = randomBytes(32).toString('hex')

/** The header of a browser with this session, signed as the package's cookies are. */
export function sessionCookie(id: string): string {
  const cookie = `_session=${id}`
  return `${cookie}; _session.sig=${createHmac('sha1', cookieKey).update(cookie).digest('base64url')}`
}

export const provider = new Provider(issuer.slice(0, -1), {
  adapter: RoomyMemoryAdapter,
  clients: clients.map(({ id, secret }) => ({
    client_id: id,
    client_secret: secret,
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'implicit', deviceGrantType],
    response_types: ['code', 'id_token token'],
    redirect_uris: [redirectUri],
  })),
  jwks: { keys: [await aKey('RS256'), await aKey('ES256')] },
  cookies: { keys: [cookieKey] },
  routes: {
    authorization: '/authorize',
    token: '/oauth/token',
    userinfo: '/userinfo',
    introspection: '/oauth/introspect',
    pushed_authorization_request: '/oauth/par',
  },
  responseTypes: ['code', 'id_token token'],
  scopes: ['openid', 'offline_access'],
  claims: {
    openid: ['sub'],
    profile: [...Object.keys(profileClaims), 'updated_at'],
    email: ['email', 'email_verified'],
  },
  findAccount: (_context: unknown, id: string) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      ...profileClaims,
      updated_at: 1_767_225_600,
      email: 'ada@example.com',
      email_verified: true,
    }),
  }),
  rotateRefreshToken: true,
  ttl: {
    ClientCredentials: 86_400,
    AuthorizationCode: 60,
    RefreshToken: 86_400,
    AccessToken: 86_400,
    IdToken: 36_000,
    Grant: 86_400,
    DeviceCode: 900,
    Session: 86_400,
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    pushedAuthorizationRequests: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_context: unknown, resource: string) => ({
        scope: apiScope,
        accessTokenTTL: 86_400,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: algorithms[resource] } },
      }),
    },
  },
})

async function aKey(algorithm: SigningAlgorithm): Promise<object> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: algorithm.toLowerCase(), alg: algorithm, use: 'sig' }
}
