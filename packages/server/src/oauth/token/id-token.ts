import { createHash } from 'node:crypto'
import type { Client } from '../../domain/client.ts'
import type { SigningAlgorithm } from '../../domain/signing-key.ts'
import type { Call } from '../call.ts'
import { claimsOf, namedClaimsOf } from '../claims.ts'
import { encryptTo } from '../encryption.ts'
import { idTokenType } from '../id-token-hint.ts'
import { sessionIdFor, subjectFor } from '../subject.ts'
import { userReference } from '../user-reference.ts'
import type { Issuance } from './issuance.ts'

/** What an ID token from the authorization endpoint vouches for (OpenID Connect Core §3.2.2.10 and §3.3.2.11). */
export interface Vouched {
  readonly accessToken?: string | undefined
  readonly code?: string | undefined
  readonly state?: string | undefined
}

/** The ID token of an issuance (OpenID Connect Core §2), or `undefined` where `openid` was not granted. */
export async function mintIdToken(
  issuance: Issuance,
  vouched: Vouched,
  client: Client,
  call: Call,
): Promise<string | undefined> {
  if (issuance.subject.kind !== 'user' || !issuance.scope.includes('openid')) return undefined
  const { user, authenticatedAt, idToken } = issuance.subject
  const algorithm = client.idToken.signingAlgorithm
  const signed = await call.keys.sign(algorithm, idTokenType, {
    ...claimsOf(user, issuance.scope),
    ...namedClaimsOf(user, idToken.claims ?? []),
    iss: call.issuer,
    sub: subjectFor(user, client, call),
    // Leads this server back to the user when the token returns (RFC 8693 §2.1, id_token_hint).
    ...(client.pairwise !== undefined && { jti: userReference(user.id, call) }),
    aud: client.id,
    iat: call.now,
    exp: call.now + client.idToken.lifetimeSeconds,
    auth_time: authenticatedAt,
    ...(idToken.acr !== undefined && { acr: idToken.acr }),
    ...(idToken.methods !== undefined && { amr: idToken.methods }),
    ...(idToken.sid !== undefined && { sid: sessionIdFor(idToken.sid, client, call) }),
    ...(idToken.nonce !== undefined && { nonce: idToken.nonce }),
    ...hashesOf(vouched, algorithm),
  })
  const { encryption } = client.idToken
  if (encryption === undefined) return signed
  return encryptTo(client, encryption, { kind: 'jwt', text: signed }, call)
}

// FAPI 1.0 Advanced §5.2.2.1: beside a code the ID token is a detached signature, which covers the state too.
function hashesOf({ accessToken, code, state }: Vouched, algorithm: SigningAlgorithm) {
  const isDetached = code !== undefined && state !== undefined
  return {
    ...(accessToken !== undefined && { at_hash: halfHash(accessToken, algorithm) }),
    ...(code !== undefined && { c_hash: halfHash(code, algorithm) }),
    ...(isDetached && { s_hash: halfHash(state, algorithm) }),
  }
}

/** The left half of the hash that the ID token's own algorithm uses (OpenID Connect Core §3.1.3.6); Ed25519 signs over SHA-512. */
function halfHash(value: string, algorithm: SigningAlgorithm): string {
  const digest = createHash(algorithm === 'EdDSA' ? 'sha512' : 'sha256')
    .update(value)
    .digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}
