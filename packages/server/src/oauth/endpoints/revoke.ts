import { revokeGrant, revokeToken } from '../grant-id.ts'
import { optional, required } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { findToken } from '../token/presented-token.ts'
import { defineEndpoint } from './endpoint.ts'

const otherClient = rule({
  id: 'revoke.other_client',
  clause: 'RFC 7009 §2.1',
  error: 'invalid_grant',
  description: 'The token was issued to another client',
})

/**
 * Ends a token (RFC 7009): of a refresh token all that its grant gave, as RFC 7009 §2.1 asks; of an access token itself. A
 * JWT is refused from then on wherever this server is asked; an API that verifies it alone goes by its `exp`.
 */
export const revocationEndpoint = defineEndpoint({
  path: 'oauth/revoke',
  params: { token: required(16_384), token_type_hint: optional() },
  rules: [otherClient],
  metadata: (url) => ({ revocation_endpoint: url }),
  async handle({ params, client }, call) {
    const found = await findToken(params.token, call)
    // RFC 7009 §2.2: a token that is not in force has been revoked already, as far as its client can tell.
    if (found === undefined) return { kind: 'empty' }
    const given = found.kind === 'refresh_token' ? found.family : found.claims
    if (given.clientId !== client.id) throw refuse(otherClient)
    if (found.kind === 'refresh_token') await revokeGrant(found.family.grantId, call)
    else await revokeToken(found.claims.tokenId, found.claims.expiresAt, call)
    return { kind: 'empty' }
  },
})
