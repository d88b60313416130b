import { createHash, X509Certificate } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import type { Context } from 'hono'
import type { AlternativeName, ClientCertificate } from '../oauth/client-auth/client-certificate.ts'
import { isFromNamedProxy } from './client-address.ts'
import { header } from './header.ts'
import type { ServerContext } from './server-context.ts'

/** Where certificates of clients can come from; without any, no method that needs one is offered. */
export interface CertificateSources {
  /** The proxies that the operator named put them into Auth0's headers. */
  readonly headers: boolean
  /** This server's own listener asks for them. */
  readonly connection: boolean
}

/**
 * The certificate that the client showed, to a named proxy or to this server itself. A proxy's own certificate is nobody's,
 * and so are headers that come from elsewhere: whoever may write them may be any client (RFC 8705 §6.3).
 */
export function clientCertificate(c: Context, context: ServerContext): ClientCertificate | undefined {
  const { headers, connection } = context.certificates
  if (!headers && !connection) return undefined
  if (isFromNamedProxy(c, context)) return headers ? fromHeaders(c) : undefined
  return connection ? fromConnection(c) : undefined
}

/** `client-certificate`: PEM in URL encoding; `client-certificate-ca-verified`: `SUCCESS`, or why it is not. */
function fromHeaders(c: Context): ClientCertificate | undefined {
  const pem = header(c, 'client-certificate')
  const certificate = pem === undefined ? undefined : parsed(pem)
  return certificate && asData(certificate, header(c, 'client-certificate-ca-verified') === 'SUCCESS')
}

// One certificate and nothing else: a header that the client sent too, and the proxy appended to, would hold two.
const onePem = /^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/

function parsed(header: string): X509Certificate | undefined {
  try {
    const pem = decodeURIComponent(header)
    return onePem.test(pem) ? new X509Certificate(pem) : undefined
  } catch {
    // A broken certificate proves as little as none.
    return undefined
  }
}

function fromConnection(c: Context): ClientCertificate | undefined {
  const { incoming } = (c.env ?? {}) as { incoming?: { socket?: unknown } }
  const socket = incoming?.socket
  if (!(socket instanceof TLSSocket)) return undefined
  const certificate = socket.getPeerX509Certificate()
  return certificate && asData(certificate, socket.authorized)
}

function asData(certificate: X509Certificate, isTrusted: boolean): ClientCertificate {
  return {
    thumbprint: createHash('sha256').update(certificate.raw).digest('base64url'),
    // RFC 4514 §2.1: the other way round than in the certificate. Node escapes values as RFC 4514 §2.4 does.
    subject: (certificate.subject ?? '').split('\n').reverse().join(','),
    alternativeNames: alternativeNames(certificate.subjectAltName ?? ''),
    isTrusted,
  }
}

const kinds: Readonly<Record<string, AlternativeName['kind']>> = {
  DNS: 'san_dns',
  URI: 'san_uri',
  'IP Address': 'san_ip',
  email: 'san_email',
}

// Node puts values that hold a comma or worse into JSON strings, so that they cannot pass for several names.
const name = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/y

function alternativeNames(text: string): readonly AlternativeName[] {
  const names: AlternativeName[] = []
  let end = 0
  while (end < text.length) {
    name.lastIndex = end
    const [, label = '', value] = name.exec(text) ?? []
    // What cannot be read as a whole is not trusted in parts.
    if (value === undefined) return []
    end = name.lastIndex
    const kind = kinds[label]
    if (kind !== undefined) names.push({ kind, value: value.startsWith('"') ? JSON.parse(value) : value })
  }
  return names
}
