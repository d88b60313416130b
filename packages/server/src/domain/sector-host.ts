// RFC 6761 §6.3: names below localhost are loopback too.
const loopbackHost = /^(?:(?:.+\.)?localhost\.?|127\..+|0\.0\.0\.0|\[::1?\])$/

/** Whether the host of a URL is whatever machine one asks on. */
export function isLoopbackHost(hostname: string): boolean {
  return loopbackHost.test(hostname)
}

/** The host that a URI speaks for; `undefined` for a loopback host or a private scheme, which everybody has (OpenID Connect Core §8.1). */
export function sectorHost(uri: string): string | undefined {
  const url = URL.parse(uri)
  const hasHost = url?.protocol === 'https:' || url?.protocol === 'http:'
  return hasHost && !isLoopbackHost(url.hostname) ? url.hostname : undefined
}
