import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { findLogin } from '../accounts/sessions.ts'
import { randomToken } from '../domain/ports.ts'
import { hashed, sameSecret } from '../domain/secrets.ts'
import type { Login } from '../domain/session.ts'
import type { Browser } from '../oauth/authorize/authorize.ts'
import type { Call } from '../oauth/call.ts'
import { browserState } from '../oauth/logout/session-state.ts'
import { isSecure, type ServerContext } from './server-context.ts'

type CookieName = 'session' | 'browser' | 'browser_state'

// RFC 6265bis §4.1.3.2: the prefix makes browsers refuse a cookie set without TLS or by another host. RFC 6265 §8.5: cookies know
// no ports, so that the name does; else two servers on one host would overwrite each other's.
function cookieName(name: CookieName, context: ServerContext): string {
  const { port } = new URL(context.issuer)
  return `${isSecure(context) ? '__Host-' : ''}valetkey_${name}${port === '' ? '' : `_${port}`}`
}

function writeCookie(
  c: Context,
  name: CookieName,
  value: string,
  maxAge: number,
  context: ServerContext,
): void {
  const secure = isSecure(context)
  // Silent authentication in an iframe and cross-site POST requests need the cookie; every form has its own CSRF token.
  setCookie(c, cookieName(name, context), value, {
    path: '/',
    // Our own page behind check_session_iframe reads this one; it opens nothing.
    httpOnly: name !== 'browser_state',
    secure,
    sameSite: secure ? 'None' : 'Lax',
    maxAge,
  })
}

/** A browser with the secret of its cookie, which form tokens are derived from. */
export interface KnownBrowser extends Browser {
  readonly secret: string
}

const browserCookieSeconds = 7 * 86_400

/** Who asks. A browser without a cookie gets a secret that is set as soon as something is bound to it (`keepBrowser`). */
export async function browserOf(c: Context, context: ServerContext, call: Call): Promise<KnownBrowser> {
  const login = await findLogin(getCookie(c, cookieName('session', context)), call)
  const secret = getCookie(c, cookieName('browser', context)) ?? randomToken(call.ports.random)
  return { login, secret, hash: hashed(secret) }
}

export function keepBrowser(c: Context, browser: KnownBrowser, context: ServerContext): void {
  writeCookie(c, 'browser', browser.secret, browserCookieSeconds, context)
}

export function keepSession(
  c: Context,
  secret: string,
  login: Login,
  context: ServerContext,
  call: Call,
): void {
  const maxAge = login.session.expiresAt - call.now
  writeCookie(c, 'session', secret, maxAge, context)
  writeCookie(c, 'browser_state', browserState(login.session.id, call), maxAge, context)
}

export function forgetSession(c: Context, context: ServerContext): void {
  writeCookie(c, 'session', '', 0, context)
  writeCookie(c, 'browser_state', '', 0, context)
}

/** The token that a form of this browser must carry: without the cookie nobody can make it. */
export function csrfToken(browser: KnownBrowser, form: string, call: Call): string {
  return call.ports.sealer.mac(`${form}\n${browser.secret}`, 'csrf')
}

export function hasCsrfToken(
  token: string | undefined,
  browser: KnownBrowser,
  form: string,
  call: Call,
): boolean {
  return token !== undefined && sameSecret(csrfToken(browser, form, call), token)
}
