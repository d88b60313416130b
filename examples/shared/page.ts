import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import { ClientError } from 'openid-client'
import { type Content, type Html, html } from './html.ts'

/** What stands around every page of an application. */
export interface Frame {
  readonly name: string
  /** Of the bar and the main button; white text must be readable on it. */
  readonly color: string
  /** One sentence below the page: what the application shows. */
  readonly foot: string
}

const stylesheet = readFileSync(new URL('./style.css', import.meta.url), 'utf8')

/**
 * What every application of pages has: the stylesheet, forms of its own pages only, and a page for what failed. `issuers`: where
 * its forms may lead besides, which is where its people log in.
 */
export function createSite(frame: Frame, issuers: readonly string[] = []): Hono {
  const policy = contentSecurityPolicy(issuers)
  const app = new Hono()
  app.use((c, next) => {
    c.header('content-security-policy', policy)
    return next()
  })
  app.use(csrf())
  app.get('/style.css', (c) => c.body(stylesheet, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse()
    console.error(error.message)
    const isUntrusted = error instanceof ClientError
    const title = isUntrusted ? 'This answer does not belong to a login here' : 'Somebody does not answer'
    const text = isUntrusted ? 'It was thrown away.' : 'The log of this application says more.'
    const body = html`<div class="notice"><h1>${title}</h1><p class="lead">${text} <a href="/">Back to the beginning</a></p></div>`
    return sendPage(c, frame, { status: isUntrusted ? 400 : 502, title, body })
  })
  return app
}

// Nobody frames a page with a button that takes one click (RFC 9700 §4.16). Browsers hold `form-action` against the redirects after
// a form too, so that the authorization servers are in it.
function contentSecurityPolicy(issuers: readonly string[]): string {
  return [
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    'img-src data:',
    ["form-action 'self'", ...issuers.map((issuer) => new URL(issuer).origin)].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}

/** Answers with a page. `head` is for what a page needs beside the stylesheet. */
export function sendPage(
  c: Context,
  frame: Frame,
  page: {
    readonly status?: 200 | 400 | 502
    readonly title: string
    readonly body: Content
    readonly account?: Content
    readonly head?: Content
  },
): Response | Promise<Response> {
  c.header('cache-control', 'no-store')
  return c.html(String(framed(frame, page)), page.status ?? 200)
}

function framed(frame: Frame, page: Parameters<typeof sendPage>[2]): Html {
  return html`<!doctype html>
<html lang="en" style="--primary: ${frame.color}; --primary-text: light-dark(${frame.color}, color-mix(in srgb, ${frame.color}, white 60%))">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · ${frame.name}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
${page.head}
</head>
<body>
<header class="bar">
<a class="brand" href="/"><span class="tile" aria-hidden="true">${frame.name.slice(0, 1)}</span> ${frame.name}</a>
${page.account}
</header>
<main>${page.body}</main>
<footer class="foot"><p>${frame.foot}</p></footer>
</body>
</html>
`
}

/** The ticket of a first page: what happens, in steps, beside a heading and what to do. */
export function ticket(given: {
  readonly steps: readonly string[]
  readonly title: string
  readonly body: Content
}): Html {
  return html`<section class="ticket">
<div class="stub"><p class="stub-title">How it goes</p><ol>${given.steps.map((step) => html`<li>${step}</li>`)}</ol></div>
<div class="sheet"><h1>${given.title}</h1>${given.body}</div>
</section>`
}

/** A form of one button. */
export function button(action: string, label: string, style: 'primary' | 'quiet' = 'primary'): Html {
  return html`<form method="post" action="${action}"><button class="${style}" type="submit">${label}</button></form>`
}
