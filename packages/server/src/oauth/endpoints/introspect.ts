import type { Client } from '../../domain/client.ts'
import type { RefreshToken } from '../../domain/refresh-token.ts'
import type { Call } from '../call.ts'
import { isConfidential } from '../client-auth/keeps.ts'
import { optional, required } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { subjectFor } from '../subject.ts'
import { findToken, type PresentedToken } from '../token/presented-token.ts'
import type { AccessTokenClaims } from '../token-formats/token-format.ts'
import { defineEndpoint } from './endpoint.ts'

const publicClient = rule({
  id: 'introspect.public_client',
  clause: 'RFC 7662 §2.1',
  error: 'invalid_client',
  description: 'Token introspection is for clients that authenticate',
})

/** RFC 9701 §4. */
const signedMediaType = 'application/token-introspection+jwt'

/** Tells an API, or the client itself, what a token says and whether it is in force (RFC 7662). */
export const introspectionEndpoint = defineEndpoint({
  path: 'oauth/introspect',
  params: { token: required(16_384), token_type_hint: optional() },
  rules: [publicClient],
  metadata: (url) => ({
    introspection_endpoint: url,
    introspection_signing_alg_values_supported: ['RS256'],
  }),
  async handle({ params, client, accept }, call) {
    // RFC 7662 §4: an open endpoint would let anybody try tokens.
    if (!isConfidential(client, call)) throw refuse(publicClient)
    const answer = await introspect(params.token, client, call)
    if (!prefersSigned(accept)) return { kind: 'json', body: answer }
    return { kind: 'jwt', mediaType: signedMediaType, body: await signed(answer, client, call) }
  },
})

type Answer = { readonly active: boolean; readonly [member: string]: unknown }

// RFC 7662 §2.2 and §4: why a token is not active, and what it would have said, is nobody's business.
const inactive: Answer = { active: false }

async function introspect(token: string, client: Client, call: Call): Promise<Answer> {
  const found = await findToken(token, call)
  if (found === undefined || !mayKnow(client, found)) return inactive
  const { clientId, userId } = found.kind === 'refresh_token' ? found.family : found.claims
  // RFC 7592 §2.3: what a removed client was given is dead.
  if ((await call.store.clients.find(clientId)) === undefined) return inactive
  const user = userId === undefined ? undefined : await call.store.users.find(userId)
  if (userId !== undefined && (user === undefined || user.blocked)) return inactive
  const answer =
    found.kind === 'access_token'
      ? aboutAccessToken(found.claims)
      : aboutRefreshToken(found.family, found.presented, client, call)
  // RFC 7662 §5: whoever asks reads the name by which it knows the user itself.
  return user === undefined || !answer.active ? answer : { ...answer, sub: subjectFor(user, client, call) }
}

// RFC 7662 §4: an API learns about the tokens that are meant for it. A refresh token is meant for its client alone.
function mayKnow(client: Client, found: PresentedToken): boolean {
  if (found.kind === 'refresh_token') return found.family.clientId === client.id
  if (found.claims.clientId === client.id) return true
  const api = client.resourceServerIdentifier
  return api !== undefined && found.claims.audience.includes(api)
}

function aboutAccessToken(claims: AccessTokenClaims): Answer {
  const [audience = '', ...others] = claims.audience
  return {
    active: true,
    ...(claims.scope.length > 0 && { scope: claims.scope.join(' ') }),
    client_id: claims.clientId,
    token_type: 'Bearer',
    exp: claims.expiresAt,
    iat: claims.issuedAt,
    sub: claims.subject,
    aud: others.length === 0 ? audience : claims.audience,
    iss: claims.issuer,
    jti: claims.tokenId,
    // RFC 8693 §4.1: an API that does not read tokens itself must see as well who acts.
    ...(claims.actor !== undefined && { act: claims.actor }),
  }
}

function aboutRefreshToken(
  family: RefreshToken,
  presented: RefreshToken['current'],
  client: Client,
  call: Call,
): Answer {
  const isRepeatable =
    presented === family.previous && (family.rotatedAt ?? 0) + client.refreshToken.leewaySeconds > call.now
  if (presented !== family.current && !isRepeatable) return inactive
  const ends = [family.expiresAt, family.idleExpiresAt].filter((end) => end !== undefined)
  return {
    active: true,
    ...(family.scope.length > 0 && { scope: family.scope.join(' ') }),
    client_id: family.clientId,
    // RFC 8693 §2.2.1: nobody must take it for an access token.
    token_type: 'N_A',
    ...(ends.length > 0 && { exp: Math.min(...ends) }),
    iat: family.rotatedAt ?? family.createdAt,
    ...(family.audience !== undefined && { aud: family.audience }),
    iss: call.issuer,
  }
}

// RFC 9701 §5: the claims are one member, and neither sub nor exp stands beside it, so that nobody can take it for a token.
function signed(answer: Answer, client: Client, call: Call): Promise<string> {
  return call.keys.sign('RS256', 'token-introspection+jwt', {
    iss: call.issuer,
    aud: client.resourceServerIdentifier ?? client.id,
    iat: call.now,
    token_introspection: answer,
  })
}

// RFC 9701 §4, RFC 9110 §12.5.1: whoever takes both equally asked for the signed one.
function prefersSigned(accept: string | undefined): boolean {
  const quality = qualities(accept ?? '')
  const forSigned = quality.get(signedMediaType) ?? 0
  return forSigned > 0 && forSigned >= (quality.get('application/json') ?? 0)
}

function qualities(accept: string): ReadonlyMap<string, number> {
  return new Map(
    accept
      .toLowerCase()
      .split(',')
      .map((range) => {
        const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
        const given = parameters.find((parameter) => parameter.startsWith('q='))
        return [type, given === undefined ? 1 : Number(given.slice(2)) || 0] as const
      }),
  )
}
