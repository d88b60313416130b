import { refuse } from '../../refusal.ts'
import { rule } from '../../rule.ts'
import type { CompleteMetadata } from '../complete.ts'
import { defineRegistrationPolicy } from '../policy.ts'

const missing = rule({
  id: 'registration.redirect_uris_missing',
  clause: 'RFC 7591 §2',
  error: 'invalid_redirect_uri',
  description: 'redirect_uris is required for grants that send the browser back',
})
const malformed = rule({
  id: 'registration.redirect_uri_malformed',
  clause: 'RFC 6749 §3.1.2',
  error: 'invalid_redirect_uri',
  description: 'A redirection URI must be absolute, in ASCII, without a user name and without a wildcard',
})
const fragment = rule({
  id: 'registration.redirect_uri_fragment',
  clause: 'RFC 7591 §5',
  error: 'invalid_redirect_uri',
  description: 'A redirection URI must not have a fragment',
})
const refusedScheme = rule({
  id: 'registration.redirect_uri_scheme',
  clause: 'RFC 8252 §7.1',
  error: 'invalid_redirect_uri',
  description:
    'A redirection URI must lead to an application: by https, loopback http, or a scheme of its own',
})
const insecure = rule({
  id: 'registration.redirect_uri_insecure',
  clause: 'RFC 9700 §2.6',
  error: 'invalid_redirect_uri',
  description: 'A redirection URI must use https, or http on a loopback host',
})
const implicitLocal = rule({
  id: 'registration.implicit_redirect_uri',
  clause: 'OIDC Registration §2',
  error: 'invalid_redirect_uri',
  description: 'A web client of the implicit grant must use https, and not localhost',
})

/** Schemes that run, read or show something instead of reaching an application. */
const refusedSchemes: readonly string[] = [
  'javascript:',
  'data:',
  'vbscript:',
  'file:',
  'blob:',
  'about:',
  'filesystem:',
  'view-source:',
  'mailto:',
  'tel:',
  'ftp:',
  'ws:',
  'wss:',
  'intent:',
]

/** Where tokens and codes may go, and where the browser may go after logout. */
export const redirectUriPolicy = defineRegistrationPolicy({
  name: 'redirect_uris',
  rules: [missing, malformed, fragment, refusedScheme, insecure, implicitLocal],
  async review(metadata) {
    const { redirect_uris, grant_types, post_logout_redirect_uris = [] } = metadata
    const redirects = grant_types.includes('authorization_code') || grant_types.includes('implicit')
    if (redirects && redirect_uris.length === 0) throw refuse(missing)
    for (const uri of [...redirect_uris, ...post_logout_redirect_uris]) check(uri, metadata)
    return {}
  },
})

// Compared as a string later (RFC 9700 §2.1): the text itself must be one that a browser sends back unchanged.
const plain = /^[\x21-\x7e]+$/
const unsafe = /["<>\\^`{|}*]/

function check(uri: string, { application_type, grant_types }: CompleteMetadata): void {
  const url = URL.parse(uri)
  if (url === null || !plain.test(uri) || unsafe.test(uri)) throw refuse(malformed)
  if (uri.includes('#')) throw refuse(fragment)
  if (url.username !== '' || url.password !== '') throw refuse(malformed)
  if (refusedSchemes.includes(url.protocol)) throw refuse(refusedScheme)
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  if (application_type === 'native') {
    // RFC 8252 §8.3: in the clear only on this very machine.
    if (url.protocol === 'http:' && !isLoopback(url)) throw refuse(insecure)
    return
  }
  if (!isWeb) throw refuse(refusedScheme)
  if (grant_types.includes('implicit') && (url.protocol !== 'https:' || isLoopback(url)))
    throw refuse(implicitLocal)
  if (url.protocol === 'http:' && !isLoopback(url)) throw refuse(insecure)
}

function isLoopback({ hostname }: URL): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}
