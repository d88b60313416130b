import type { TestUser } from './builders.ts'

/** The part of a server that a browser needs. */
export interface Reachable {
  readonly issuer: string
  fetch(request: Request): Promise<Response>
}

/** What a browser shows after it followed every redirect that stays on the server. */
export interface Shown {
  readonly status: number
  readonly url: string
  readonly html: string
  readonly headers: Headers
  /** Where the server sent the browser away to, with the parameters of query and fragment. */
  readonly leftTo?: { readonly url: URL; readonly parameters: URLSearchParams }
}

/** A browser without scripts: it keeps cookies, follows redirects and submits forms. */
export interface TestBrowser {
  open(url: string): Promise<Shown>
  /** Submits the page's form with these fields; hidden ones are kept. A field with several values is an array. */
  submit(page: Shown, fields: Readonly<Record<string, string | readonly string[]>>): Promise<Shown>
  logIn(page: Shown, user: Pick<TestUser, 'email' | 'password'>): Promise<Shown>
  /** Allows exactly `scopes`, or all that are offered. */
  allow(page: Shown, scopes?: readonly string[]): Promise<Shown>
  decline(page: Shown): Promise<Shown>
  readonly cookies: ReadonlyMap<string, string>
}

export function testBrowser(server: Reachable): TestBrowser {
  const cookies = new Map<string, string>()

  async function go(url: string, init: RequestInit = {}): Promise<Shown> {
    const headers = new Headers(init.headers)
    if (cookies.size > 0)
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await server.fetch(new Request(url, { ...init, headers, redirect: 'manual' }))
    keepCookies(cookies, response)
    const location = response.headers.get('location')
    if (location === null) {
      return { status: response.status, url, html: await response.text(), headers: response.headers }
    }
    const next = new URL(location, url)
    if (next.origin === new URL(server.issuer).origin) return go(next.href)
    const parameters = new URLSearchParams(next.hash === '' ? next.search : next.hash.slice(1))
    return {
      status: response.status,
      url,
      html: '',
      headers: response.headers,
      leftTo: { url: next, parameters },
    }
  }

  async function submit(
    page: Shown,
    fields: Readonly<Record<string, string | readonly string[]>>,
  ): Promise<Shown> {
    const form = formWith(page.html, fields.action)
    const action = attribute(/<form[^>]*>/.exec(form)?.[0] ?? '', 'action') ?? page.url
    const body = new URLSearchParams(hiddenFields(form))
    for (const [name, value] of Object.entries(fields)) {
      for (const item of typeof value === 'string' ? [value] : value) body.append(name, item)
    }
    return go(new URL(action, page.url).href, { method: 'POST', body })
  }

  return {
    cookies,
    open: (url) => go(url),
    submit,
    logIn: (page, { email, password }) => submit(page, { username: email, password, action: 'login' }),
    allow: (page, scopes = offeredScopes(page.html)) => submit(page, { scope: scopes, action: 'accept' }),
    decline: (page) => submit(page, { action: 'deny' }),
  }
}

function keepCookies(cookies: Map<string, string>, response: Response): void {
  for (const cookie of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (name === undefined || value === undefined) continue
    if (/max-age=0(?:;|$)/i.test(cookie)) cookies.delete(name)
    else cookies.set(name, value)
  }
}

/** The form that has this button; the first one when none is named. */
function formWith(html: string, button: unknown): string {
  const forms = html.match(/<form[\s\S]*?<\/form>/g) ?? []
  return forms.find((form) => form.includes(`value="${button}"`)) ?? forms[0] ?? ''
}

function inputs(html: string): readonly string[] {
  return html.match(/<input[^>]*>/g) ?? []
}

function hiddenFields(html: string): [string, string][] {
  return inputs(html)
    .filter((input) => attribute(input, 'type') === 'hidden')
    .map((input) => [attribute(input, 'name') ?? '', attribute(input, 'value') ?? ''])
}

function offeredScopes(html: string): readonly string[] {
  return inputs(html)
    .filter((input) => attribute(input, 'type') === 'checkbox' && attribute(input, 'name') === 'scope')
    .map((input) => attribute(input, 'value') ?? '')
}

function attribute(tag: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(tag) ?? []
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
}
