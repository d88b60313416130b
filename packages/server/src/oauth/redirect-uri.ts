import type { Client } from '../domain/client.ts'
import { isLoopbackHost } from '../domain/sector-host.ts'

// RFC 8252 §7.3: loopback IP literals only; `localhost` may resolve elsewhere (§8.3).
const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::\d{1,5})?((?:[/?].*)?)$/

/**
 * Whether a requested redirection URI is registered: the same string (RFC 6749 §3.1.2.3, RFC 9700 §2.1), any port for the
 * loopback URI of a native client (RFC 8252 §7.3), or Auth0's one-label wildcard where the client switched it on.
 */
export function isRegisteredRedirectUri(requested: string, client: Client): boolean {
  return client.redirectUris.some(
    (registered) =>
      requested === registered ||
      (client.applicationType === 'native' && sameButForLoopbackPort(requested, registered)) ||
      (client.allowSubdomainWildcards && matchesWildcard(requested, registered)),
  )
}

function sameButForLoopbackPort(requested: string, registered: string): boolean {
  const left = loopback.exec(requested)
  const right = loopback.exec(registered)
  const isSame = left !== null && right !== null && left[1] === right[1] && left[2] === right[2]
  // Five digits can be more than a port.
  return isSame && URL.canParse(requested)
}

// The star is part of the left-most label, and stands for characters of one label: no dot, slash or at-sign can hide in it.
const wildcard = /^(https?:\/\/[a-z0-9-]*)\*([a-z0-9-]*\..+)$/
const labelCharacters = /^[a-z0-9-]+$/

/** Whether a redirection URI or an origin is one that the star of the registered one stands for. */
export function matchesWildcard(requested: string, registered: string): boolean {
  const [, before, after] = wildcard.exec(registered) ?? []
  if (before === undefined || after === undefined) return false
  if (!requested.startsWith(before) || !requested.endsWith(after)) return false
  return labelCharacters.test(requested.slice(before.length, requested.length - after.length))
}

/** Whether only the registered application can receive at this URI; not so on a loopback host or a private scheme. */
export function isVerifiable(redirectUri: string): boolean {
  const url = URL.parse(redirectUri)
  return url?.protocol === 'https:' && !isLoopbackHost(url.hostname)
}
