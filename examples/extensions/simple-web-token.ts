// A custom token format: the Simple Web Token, a form-encoded list of names and values with an HMAC at its end.
import { type AccessTokenClaims, defineTokenFormat, type Plug } from 'valetkey/extend'

/** Simple Web Token 0.9.5.1. `key`: 32 bytes that the server shares with the API. */
export function simpleWebToken(key: Uint8Array<ArrayBuffer>): Plug {
  return defineTokenFormat({
    name: 'swt',
    async mint(claims) {
      const signed = new URLSearchParams({
        Issuer: claims.issuer,
        Audience: claims.audience.join(' '),
        ExpiresOn: String(claims.expiresAt),
        sub: claims.subject,
        client_id: claims.clientId,
        scope: claims.scope.join(' '),
        // Whole, for `read`: what is bound to the token, such as a key, must not get lost.
        claims: JSON.stringify(claims),
      }).toString()
      const mac = await crypto.subtle.sign('HMAC', await hmacKey(key), new TextEncoder().encode(signed))
      return `${signed}&${new URLSearchParams({ HMACSHA256: Buffer.from(mac).toString('base64') })}`
    },
    async read(token) {
      const fields = await readSimpleWebToken(token, key)
      if (fields === undefined) return undefined
      const claims: AccessTokenClaims = JSON.parse(fields.get('claims') ?? '')
      return claims
    },
  })
}

/** The fields of a token under the key, `undefined` for anything else. An API then checks Issuer, Audience and ExpiresOn. */
export async function readSimpleWebToken(
  token: string,
  key: Uint8Array<ArrayBuffer>,
): Promise<URLSearchParams | undefined> {
  const end = token.lastIndexOf('&HMACSHA256=')
  if (end < 0) return undefined
  const fields = new URLSearchParams(token.slice(0, end))
  const mac = new URLSearchParams(token.slice(end)).get('HMACSHA256') ?? ''
  const genuine = await crypto.subtle.verify(
    'HMAC',
    await hmacKey(key),
    Buffer.from(mac, 'base64'),
    new TextEncoder().encode(token.slice(0, end)),
  )
  return genuine ? fields : undefined
}

function hmacKey(key: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}
