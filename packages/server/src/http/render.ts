import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { randomHex } from '../domain/ports.ts'
import type { Tenant } from '../domain/tenant.ts'
import type { Refusal } from '../oauth/refusal.ts'
import { errorPage } from '../pages/error.ts'
import type { Html } from '../pages/html.ts'
import { chooseLocale } from '../pages/locales/locale.ts'
import type { ErrorPage, Frame } from '../pages/models.ts'
import type { ServerContext } from './server-context.ts'

/** What a page shows around its content, in the language that the request or the browser asks for. */
export function frameOf(c: Context, tenant: Tenant, uiLocales?: string): Frame {
  return { tenant: tenant.settings, locale: chooseLocale(uiLocales, c.req.header('accept-language')) }
}

/** What a page's Content Security Policy must let through beyond the page itself. */
export interface PagePolicy {
  /** A redirection URI that a form's answer may lead to. */
  readonly formTarget?: string
  /** Constant inline scripts. */
  readonly scripts?: readonly string[]
  /** Pages that this one loads in frames. */
  readonly frames?: readonly string[]
  /** The origin that may frame the page; nobody where it is absent. */
  readonly framedBy?: string
}

/** Sends a page. */
export function sendPage(
  c: Context,
  status: 200 | 400 | 403 | 404 | 405 | 429 | 500 | 503,
  page: Html,
  policy: PagePolicy = {},
): Response {
  return c.body(page.toString(), status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': contentSecurityPolicy(policy),
    ...(policy.framedBy === undefined && { 'x-frame-options': 'DENY' }),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    // RFC 9110 §10.2.3
    ...(status === 503 && { 'retry-after': '2' }),
  })
}

// Browsers hold `form-action` against the redirects that follow a form too, also those that the application makes in turn.
function contentSecurityPolicy({ formTarget, scripts = [], frames = [], framedBy }: PagePolicy): string {
  const targets = formTarget === undefined ? '' : ` https: ${formSource(formTarget)}`
  return [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' https: data:",
    ...(scripts.length === 0 ? [] : [`script-src ${scripts.map(hashSource).join(' ')}`]),
    ...(frames.length === 0 ? [] : [`frame-src ${frames.map(formSource).join(' ')}`]),
    `form-action 'self'${targets}`,
    `frame-ancestors ${framedBy ?? "'none'"}`,
    "base-uri 'none'",
  ].join('; ')
}

function hashSource(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`
}

function formSource(uri: string): string {
  const url = URL.parse(uri)
  if (url === null) return ''
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : url.protocol
}

export function requestId(context: ServerContext): string {
  return randomHex(context.ports.random, 8)
}

/** Shows why a request cannot go on, with the clause and what to do. */
export function sendErrorPage(
  c: Context,
  status: 400 | 403 | 404 | 405 | 429 | 500 | 503,
  about: Pick<ErrorPage, 'kind'> & { readonly refusal?: Refusal; readonly id?: string },
  tenant: Tenant,
  context: ServerContext,
): Response {
  const id = about.id ?? requestId(context)
  const { refusal } = about
  const model: ErrorPage = {
    ...frameOf(c, tenant),
    kind: about.kind,
    requestId: id,
    ...(refusal !== undefined && {
      error: refusal.error,
      description: refusal.description,
      clause: refusal.rule.clause,
      ...(refusal.rule.help !== undefined && { help: refusal.rule.help }),
    }),
  }
  context.ports.logger.info('page.error', {
    kind: about.kind,
    rule: refusal?.rule.id,
    detail: refusal?.detail,
    id,
  })
  c.header('x-request-id', id)
  return sendPage(c, status, errorPage(model))
}
