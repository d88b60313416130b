import { quoted } from './challenge.ts'
import type { BearerMethod } from './presented-token.ts'
import type { Refused } from './refusal.ts'
import type { ResourceMetadata } from './resource-metadata.ts'

/** How tokens are introspected (RFC 7662). `endpoint` is discovered unless given. `cacheSeconds`: how long a positive
 * answer is used again, and so how late a revocation may be noticed; 0, the default, asks every time; at most 600.
 * `jwt`: ask about JWT access tokens too, so that one that was revoked is refused before it expires. */
export type IntrospectionOptions = {
  readonly clientId: string
  readonly clientSecret: string
  readonly endpoint?: string
  readonly cacheSeconds?: number
  readonly jwt?: boolean
}

/** What an API says about itself and the authorization server that it trusts. */
export type ProtectOptions = {
  /** The issuer, letter by letter as in its metadata and in `iss`; Auth0's style ends with "/". */
  readonly issuer: string
  /** The API's identifier, or several: one of them has to be in `aud`. */
  readonly audience: string | readonly string[]
  /** The URL of the API (RFC 9728 §1.2). Turns on metadata and the `resource_metadata` parameter. */
  readonly resource?: string
  /** More members for the metadata document, such as `scopes_supported` (RFC 9728 §2). */
  readonly metadata?: Partial<ResourceMetadata> & Readonly<Record<string, unknown>>
  /** Ways of sending a token (RFC 6750 §2). Default: only the header, which may not be left out. */
  readonly bearerMethods?: readonly BearerMethod[]
  /** Accept only what RFC 9068 calls an access token: `typ` `at+jwt` and all of its required claims. */
  readonly strict?: boolean
  /** Signature algorithms. Default: RSA, ECDSA and EdDSA. A shared-secret algorithm or `none` is never possible. */
  readonly algorithms?: readonly string[]
  /** The key set, where it should not be discovered. */
  readonly jwksUri?: string
  /** Without it an opaque token is invalid, and a JWT is good until it expires. */
  readonly introspection?: IntrospectionOptions
  /** How far clocks may differ, for `exp`, `nbf` and `iat`. Default 5. */
  readonly clockToleranceSeconds?: number
  /** The protection space of the challenge. Default: the first audience. */
  readonly realm?: string
  /** Allow `http:` URLs for other hosts than this machine. For closed networks only. */
  readonly allowHttp?: boolean
  /** Hears of every refusal, with the detail that the client is not told. */
  readonly onRefused?: (refused: Refused) => void
  readonly fetch?: typeof fetch
  /** Epoch seconds. */
  readonly now?: () => number
}

/** Options with their defaults, checked once. */
export type Settings = Omit<ProtectOptions, 'audience'> &
  Required<
    Pick<
      ProtectOptions,
      'algorithms' | 'bearerMethods' | 'clockToleranceSeconds' | 'fetch' | 'now' | 'realm' | 'strict'
    >
  > & { readonly audiences: readonly string[]; readonly isSecure: (url: string) => boolean }

const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

/** Fills in defaults. Throws TypeError on settings that are unsafe or contradict each other. */
export function readSettings(options: ProtectOptions): Settings {
  const audiences = [options.audience].flat()
  const settings: Settings = {
    ...options,
    audiences,
    algorithms: options.algorithms ?? ALGORITHMS,
    bearerMethods: options.bearerMethods ?? ['header'],
    clockToleranceSeconds: options.clockToleranceSeconds ?? 5,
    fetch: options.fetch ?? fetch,
    now: options.now ?? (() => Math.floor(Date.now() / 1000)),
    realm: options.realm ?? audiences[0] ?? '',
    strict: options.strict ?? false,
    isSecure: (url) => isSecure(url, options.allowHttp ?? false),
  }
  const problem = problemOf(settings)
  if (problem) throw new TypeError(`protectResource: ${problem}`)
  quoted(settings.realm)
  return settings
}

function problemOf(settings: Settings): string | undefined {
  const { issuer, resource, audiences, algorithms, introspection, clockToleranceSeconds } = settings
  const urls = {
    issuer,
    resource,
    jwksUri: settings.jwksUri,
    'introspection.endpoint': introspection?.endpoint,
  }
  for (const [name, url] of Object.entries(urls)) {
    if (url !== undefined && !settings.isSecure(url)) return `${name} must be an https URL`
  }
  // RFC 8414 §2 and RFC 9728 §1.2.
  if (/[?#]/.test(issuer)) return 'issuer must have no query and no fragment'
  if (resource?.includes('#')) return 'resource must have no fragment'
  if (audiences.length === 0 || audiences.includes('')) return 'audience must name this API'
  // RFC 6750 §2.1: a resource server must take the header.
  if (!settings.bearerMethods.includes('header')) return 'bearerMethods must include header'
  // RFC 8725 §3.1: a public key must never serve as a shared secret.
  if (algorithms.length === 0 || algorithms.some((name) => /^(none|HS.*)$/i.test(name))) {
    return 'algorithms must be signatures with a public key'
  }
  if (!(clockToleranceSeconds >= 0 && clockToleranceSeconds <= 300))
    return 'clockToleranceSeconds must be 0 to 300'
  const { cacheSeconds = 0 } = introspection ?? {}
  if (!(cacheSeconds >= 0 && cacheSeconds <= 600)) return 'introspection.cacheSeconds must be 0 to 600'
  return undefined
}

function isSecure(url: string, allowHttp: boolean): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  const isLoopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
  return protocol === 'https:' || (protocol === 'http:' && (allowHttp || isLoopback))
}
