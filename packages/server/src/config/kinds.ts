import { isIP } from 'node:net'
import { z } from 'zod'

/** A whole number between two ends, both allowed. */
export function wholeNumber(from: number, to: number, unit?: string) {
  const error = `expected a whole number${unit === undefined ? '' : ` of ${unit}`} from ${from} to ${to}`
  return z.number({ error }).int({ error }).min(from, { error }).max(to, { error })
}

/** Text that satisfies `accepts`; `expected` completes the sentence "expected …" and never holds the value. */
export function text(expected: string, accepts: (value: string) => boolean = (value) => value !== '') {
  return z.string({ error: `expected ${expected}` }).refine(accepts, { error: `expected ${expected}` })
}

/** One of several words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `expected one of ${words.join(', ')}` })
}

/** A URL with one of the schemes, written with a trailing colon. */
export function urlWith(schemes: readonly string[], expected: string) {
  return text(expected, (value) => {
    const url = URL.parse(value)
    return url !== null && schemes.includes(url.protocol) && url.hostname !== ''
  })
}

/** Whether a URL's host can only be this machine, so that plain http never crosses a network. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  )
}

/** Whether the text is an address or a network in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3). */
export function isNetwork(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  if (prefix === undefined) return true
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128)
}
