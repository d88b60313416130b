// Encrypts what only the client may read (OpenID Connect Core §10.2), to a key that it registered.
import { CompactEncrypt, type JWK } from 'jose'
import type { Client, Encryption } from '../domain/client.ts'
import { canEncrypt, isSoundJwk } from '../domain/client-jwk.ts'
import type { Call } from './call.ts'
import { refuse } from './refusal.ts'
import { rule } from './rule.ts'

const noKey = rule({
  id: 'encryption.no_key',
  clause: 'OIDC Core §10.2',
  error: 'invalid_request',
  description: 'The client has registered no key that its answers could be encrypted to',
})
export const encryptionRules = [noKey] as const

/** JWE algorithms (RFC 7518 §4.1 and §5.1); none that a client secret would be the key of, nor RSA1_5 (RFC 8725 §3.2). */
export const keyManagementAlgorithms = [
  'RSA-OAEP-256',
  'RSA-OAEP',
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A256KW',
] as const
export const contentAlgorithms = ['A128CBC-HS256', 'A256CBC-HS512', 'A128GCM', 'A256GCM'] as const

/**
 * Encrypts a signed JWT, or the text of claims that were not signed, to the client. Throws `invalid_request` when the client
 * has no key for it.
 */
export async function encryptTo(
  client: Client,
  encryption: Encryption,
  content: { readonly kind: 'jwt' | 'claims'; readonly text: string },
  call: Call,
): Promise<string> {
  const { keyManagement: alg, content: enc } = encryption
  const key = await keyFor(client, encryption, call)
  // RFC 7519 §5.2: what holds a JWT says so.
  const header = { alg, enc, ...(content.kind === 'jwt' && { cty: 'JWT' }), ...(key.kid && { kid: key.kid }) }
  const plain = new CompactEncrypt(new TextEncoder().encode(content.text)).setProtectedHeader(header)
  // Whatever the library did not like: it cannot be encrypted to.
  return plain.encrypt(key).catch((error: unknown) => {
    throw refuse(noKey, error instanceof Error ? error.message : alg)
  })
}

/**
 * Makes sure that an ID token of this scope could be encrypted, before a grant uses up what its client has only once. Throws
 * `invalid_request`.
 */
export async function proveIdTokenKey(scope: readonly string[], client: Client, call: Call): Promise<void> {
  const { encryption } = client.idToken
  if (encryption !== undefined && scope.includes('openid')) await keyFor(client, encryption, call)
}

async function keyFor(client: Client, { keyManagement }: Encryption, call: Call): Promise<JWK> {
  const fits = (key: JWK) => canEncrypt(key, keyManagement) && isSoundJwk(key)
  const [key] = await call.clientKeys.find(client, fits, call)
  if (key === undefined) throw refuse(noKey, keyManagement)
  return key
}
