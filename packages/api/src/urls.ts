import { z } from 'zod'

// What an address must be before it is registered. Comparison at run time is by exact string (RFC 9700 §2.1), so the text
// itself must be one that a browser sends back unchanged.

/** Schemes that run, read or show something instead of reaching an application. */
const refusedSchemes = new Set([
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
])

/** A redirection URI (RFC 6749 §3.1.2): absolute, no fragment, no user, https unless loopback or a private scheme. */
export const callback = address(callbackMistake)

/** An origin: scheme, host and port (RFC 6454 §4). */
export const origin = address(originMistake)

/** A web address that the server shows or links to. Empty removes it. */
export const link = address((value) => (value === '' ? undefined : linkMistake(value)))

/** Where an application begins a login (OpenID Connect Core §4): https, no fragment. Empty removes it. */
export const loginAddress = address((value) => {
  if (value === '') return undefined
  return value.startsWith('https://') ? callbackMistake(value) : 'expected an https address'
})

/** Where an application learns of a logout: a web address without a fragment (OpenID Connect Back-Channel Logout §2.2). */
export const logoutAddress = address((value) =>
  /^https?:/.test(value) && !hasWildcard(value)
    ? callbackMistake(value)
    : 'expected a web address such as https://app.example.com/logout',
)

/** Whether the address has a `*`; what a client must switch on before it may register one. */
export function hasWildcard(value: string): boolean {
  return value.includes('*')
}

function address(mistakeIn: (value: string) => string | undefined) {
  return z
    .string()
    .max(2048)
    .superRefine((value, context) => {
      const message = mistakeIn(value)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    })
}

function callbackMistake(value: string): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(value) || /["<>\\^`{|}]/.test(value))
    return value.includes('{')
      ? 'placeholders are not supported by this version'
      : 'expected an absolute address in ASCII, with anything else percent-encoded'
  const url = URL.parse(value.replace('*', 'wildcard'))
  if (url === null) return 'expected an absolute address such as https://app.example.com/callback'
  if (refusedSchemes.has(url.protocol)) return `the scheme ${url.protocol.slice(0, -1)} is refused`
  if (value.includes('#')) return 'must not contain a fragment (RFC 6749 §3.1.2)'
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or password'
  if (!isWeb(url)) return value.includes('*') ? 'a * needs http or https' : undefined
  if (!/^https?:\/\/[^/]/.test(value)) return 'expected :// after a lower-case scheme'
  return wildcardMistake(value) ?? plainHttpMistake(url)
}

function originMistake(value: string): string | undefined {
  const mistake = callbackMistake(value)
  if (mistake !== undefined) return mistake
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+$/.test(value)
    ? undefined
    : 'expected an origin: scheme, host and port, with nothing after it'
}

function linkMistake(value: string): string | undefined {
  const url = URL.parse(value)
  if (url === null || !isWeb(url)) return 'expected a web address such as https://example.com/logo.png'
  if (url.username !== '' || url.password !== '') return 'must not contain a user name or password'
  return plainHttpMistake(url)
}

/** Auth0: one `*`, only in the left-most label, and not directly above what may be a registry's suffix. */
function wildcardMistake(value: string): string | undefined {
  if (!value.includes('*')) return undefined
  return /^https?:\/\/[a-z0-9-]*\*[a-z0-9-]*(\.[a-z0-9-]+){2,}(:\d+)?([/?][^*]*)?$/.test(value)
    ? undefined
    : 'a * may stand once, in the left-most label of a host with two more labels'
}

/** RFC 9700 §2.6: what is sent in the clear can be read on its way; on a loopback host it has no way. */
function plainHttpMistake(url: URL): string | undefined {
  const { protocol, hostname } = url
  const loopback =
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  return protocol === 'http:' && !loopback
    ? 'expected https (http only for localhost and loopback)'
    : undefined
}

function isWeb(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:'
}
