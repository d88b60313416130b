import { createHash } from 'node:crypto'
import type { JWK } from 'jose'
import type { ClientAuthRequest, ClientCredentials } from './client-auth-method.ts'
import { defineClientAuth } from './client-auth-method.ts'
import { namesClient } from './client-certificate.ts'
import { namedClient } from './named-client.ts'

// The connection proves the key and the request names the client; the registration says which certificate counts.
function detect(request: ClientAuthRequest): ClientCredentials | undefined {
  const { certificate } = request
  if (certificate === undefined) return undefined
  const clientId = namedClient(request)
  return clientId === undefined ? undefined : { clientId, certificate }
}

/** A certificate by a trusted authority, with the name that the client registered (RFC 8705 §2.1). */
export const tlsClientAuth = defineClientAuth({
  method: 'tls_client_auth',
  serves: ['tls_client_auth'],
  keeps: 'key',
  rules: [],
  needsCertificate: true,
  detect,
  async verify({ certificate }, { tlsClientAuth }) {
    if (certificate === undefined || tlsClientAuth === undefined) return false
    return certificate.isTrusted && namesClient(certificate, tlsClientAuth)
  },
})

/** A certificate that the client registered itself, in the `x5c` of a key (RFC 8705 §2.2). */
export const selfSignedTlsClientAuth = defineClientAuth({
  method: 'self_signed_tls_client_auth',
  serves: ['self_signed_tls_client_auth'],
  keeps: 'key',
  rules: [],
  needsCertificate: true,
  detect,
  async verify({ certificate }, client, call) {
    if (certificate === undefined) return false
    const registered = await call.clientKeys.find(
      client,
      (key) => thumbprintOf(key) === certificate.thumbprint,
      call,
    )
    return registered.length > 0
  },
})

function thumbprintOf({ x5c }: JWK): string | undefined {
  const der = x5c?.[0]
  if (typeof der !== 'string') return undefined
  return createHash('sha256').update(Buffer.from(der, 'base64')).digest('base64url')
}
