import type { Claims } from './access-token.ts'
import type { ServerMetadata } from './authorization-server.ts'
import { fetchJson } from './fetch-json.ts'
import { refuse } from './refusal.ts'
import type { Remembered } from './remember.ts'
import type { IntrospectionOptions, Settings } from './settings.ts'

const CACHE_ENTRIES = 1000

/** What introspection is for: an opaque token says nothing by itself; a JWT was verified, and may have been revoked since. */
type TokenKind = 'opaque' | 'jwt'

export type Introspector = {
  /** The claims of an opaque token that is active now and meant for this API. */
  readonly claimsOf: (token: string) => Promise<Claims>
  /** Refuses a verified JWT access token that was revoked. Asks nobody unless `introspection.jwt` is set. */
  readonly refuseRevoked: (token: string) => Promise<void>
}

/** Asks the authorization server about tokens (RFC 7662). Throws invalid_token, or unavailable when no answer can be
 * had: what cannot be judged does not pass. */
export function introspector(settings: Settings, server: Remembered<ServerMetadata>): Introspector {
  const { introspection, now } = settings
  if (!introspection) {
    return {
      async claimsOf() {
        throw refuse.invalidToken(INVALID, 'opaque token, but no introspection is configured')
      },
      refuseRevoked: async () => undefined,
    }
  }
  const authorization = basic(introspection)
  const cached = rememberAnswers(introspection.cacheSeconds ?? 0, now)

  async function ask(token: string): Promise<Claims> {
    const endpoint = introspection?.endpoint ?? (await server.current()).introspectionEndpoint
    if (endpoint === undefined) throw refuse.unavailable('the authorization server offers no introspection')
    return introspect(token, settings, { endpoint, authorization })
  }

  async function active(token: string, kind: TokenKind): Promise<Claims> {
    const hash = await sha256(token)
    const known = cached.find(hash)
    const claims = known ?? (await ask(token))
    check(claims, kind, settings)
    if (!known) cached.keep(hash, claims)
    return claims
  }

  return {
    claimsOf: (token) => active(token, 'opaque'),
    async refuseRevoked(token) {
      if (introspection.jwt === true) await active(token, 'jwt')
    },
  }
}

const INVALID = 'The access token is invalid'
const NOT_ACTIVE = {
  opaque: 'the token is not active',
  jwt: 'the token was revoked, or the server does not tell this client about tokens of this API',
}

type Access = { readonly endpoint: string; readonly authorization: string }

/** RFC 7662 §2.1. */
async function introspect(token: string, settings: Settings, access: Access): Promise<Claims> {
  const fetched = await fetchJson(settings, access.endpoint, {
    method: 'POST',
    headers: { authorization: access.authorization },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
  })
  // RFC 7662 §2.3: this is about our credentials, so the token is not to blame.
  if (fetched.kind === 'denied') throw refuse.unavailable(`introspection answered ${fetched.status}`)
  return fetched.document
}

/** RFC 7662 §2.2 and §4. Of an opaque token, an answer without `aud` is refused: the token might be meant for any other
 * API. A JWT named its audience itself. */
function check(claims: Claims, kind: TokenKind, settings: Settings): void {
  const { active, iss, aud, exp, nbf, token_type: type } = claims
  const now = settings.now()
  const tolerance = settings.clockToleranceSeconds
  const isForUs = [aud].flat().some((name) => settings.audiences.some((own) => own === name))
  const problems = [
    [NOT_ACTIVE[kind], active !== true],
    ['iss is another issuer', iss !== undefined && iss !== settings.issuer],
    ['aud is not this API', !isForUs && (kind === 'opaque' || aud !== undefined)],
    ['exp has passed', exp !== undefined && !(typeof exp === 'number' && exp > now - tolerance)],
    ['nbf has not come', nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + tolerance)],
    ['token_type is not Bearer', type !== undefined && !(typeof type === 'string' && /^bearer$/i.test(type))],
  ] as const
  const problem = problems.find(([, isTrue]) => isTrue)
  if (problem) throw refuse.invalidToken(INVALID, `introspection: ${problem[0]}`)
}

type Answers = {
  readonly find: (hash: string) => Claims | undefined
  readonly keep: (hash: string, claims: Claims) => void
}

/** The newest positive answers, by the token's hash so that no token stays in memory (RFC 7662 §4). Their `exp` is
 * checked again at each use. */
function rememberAnswers(cacheSeconds: number, now: () => number): Answers {
  const answers = new Map<string, { readonly claims: Claims; readonly until: number }>()
  return {
    find(hash) {
      const answer = answers.get(hash)
      return answer && now() < answer.until ? answer.claims : undefined
    },
    keep(hash, claims) {
      if (cacheSeconds <= 0) return
      answers.delete(hash)
      answers.set(hash, { claims, until: now() + cacheSeconds })
      const [oldest] = answers.keys()
      if (answers.size > CACHE_ENTRIES && oldest !== undefined) answers.delete(oldest)
    },
  }
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return String.fromCharCode(...new Uint8Array(digest))
}

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined. */
function basic({ clientId, clientSecret }: IntrospectionOptions): string {
  return `Basic ${btoa(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`)}`
}

function formEncoded(value: string): string {
  return new URLSearchParams([['', value]]).toString().slice(1)
}
