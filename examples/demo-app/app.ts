import { readFile } from 'node:fs/promises'
import {
  authorizationRequest,
  type Client,
  logoutRequest,
  type PendingLogin,
  readCallback,
} from './authorization.ts'
import { type AuthorizationServer, discover } from './authorization-server.ts'
import { exchange, type HttpMessage, requestLine } from './exchange.ts'
import type { DemoAppOptions } from './options.ts'
import { callApi } from './resource.ts'
import { type Flow, type Inspected, type Login, remember, type Session, Sessions, take } from './session.ts'
import { inspect, readTokens, redeemCode, refresh, type Tokens, verifyIdToken } from './tokens.ts'
import { dashboardPage } from './views/dashboard.ts'
import { homePage } from './views/home.ts'
import { noticePage } from './views/notice.ts'

export type Page =
  | { readonly kind: 'html'; readonly status: number; readonly body: string; readonly cookie?: string }
  | { readonly kind: 'redirect'; readonly to: string; readonly cookie?: string }
  | { readonly kind: 'stylesheet'; readonly body: string }

type Cookie = string | undefined

const stylesheet = new URL(import.meta.resolve('@valetkey-examples/shared/style.css'))

/** What each address of the application does. Actions answer with a redirect, so that a reload repeats nothing. */
export class DemoApp {
  readonly #options: DemoAppOptions
  readonly #client: Client
  readonly #fetch: typeof fetch
  readonly #sessions = new Sessions()
  #server: Promise<AuthorizationServer> | undefined

  constructor(options: DemoAppOptions & { readonly url: string }) {
    this.#options = options
    this.#client = { ...options, redirectUri: `${options.url}/callback`, homeUri: `${options.url}/` }
    this.#fetch = options.fetch ?? fetch
  }

  home(cookie: Cookie): Page {
    const session = this.#sessions.find(cookie)
    const { issuer, apiUrl } = this.#options
    const body = session?.login
      ? dashboardPage({ session, login: session.login, issuer, apiUrl })
      : homePage({ session, issuer })
    return { kind: 'html', status: 200, body: String(body) }
  }

  /** Step 1: sends the browser to the authorization server. */
  async login(cookie: Cookie, form: URLSearchParams): Promise<Page> {
    const choice = { scopes: form.getAll('scope'), askAgain: form.has('consent') }
    const login = authorizationRequest(await this.#discovered(), this.#client, choice)
    const { session, cookie: renewed } = this.#sessions.renew(cookie)
    remember(session, login)
    return { kind: 'redirect', to: login.url, cookie: renewed }
  }

  /** Step 3: the browser is back, with a code or with an error. */
  async callback(cookie: Cookie, url: URL): Promise<Page> {
    const session = this.#sessions.find(cookie)
    // RFC 6749 §10.12: an answer to a login that this browser did not begin is an attack or an old tab.
    const login = session && take(session, url.searchParams.get('state') ?? '')
    if (!session || !login) return notice(400, 'unknown_state')
    const server = await this.#discovered()
    const read = readCallback(url.searchParams, server)
    const flow: Flow = {
      authorizationUrl: login.url,
      askedScopes: new URL(login.url).searchParams.get('scope')?.split(' ') ?? [],
      callback: describeCallback(url),
    }
    delete session.login
    delete session.result
    if (read.kind === 'refused') session.flow = { ...flow, refused: read }
    else if (read.kind === 'unusable') session.flow = { ...flow, failure: read.reason }
    else session.flow = await this.#redeem(session, flow, login, read.code)
    return { kind: 'redirect', to: '/', cookie: this.#sessions.renew(cookie).cookie }
  }

  /** Steps 4 and 5: the code becomes tokens, and the ID token is checked before the user is believed. */
  async #redeem(session: Session, flow: Flow, login: PendingLogin, code: string): Promise<Flow> {
    const server = await this.#discovered()
    const answer = await redeemCode(server, this.#client, { ...login, code }, this.#fetch)
    const reached = { ...flow, tokenExchange: answer.exchange }
    const tokens = readTokens(answer, { scopes: flow.askedScopes })
    if (!tokens) return { ...reached, failure: 'The token endpoint did not answer with tokens.' }
    const shown = { ...reached, ...(await this.#inspect(tokens, answer.body.id_token)) }
    try {
      const expected = { clientId: this.#client.clientId, nonce: login.nonce }
      session.login = { identity: await verifyIdToken(answer.body.id_token, server, expected), tokens }
      return shown
    } catch (error) {
      return { ...shown, failure: `The ID token is not valid: ${(error as Error).message}` }
    }
  }

  /** Step 6. */
  async call(cookie: Cookie, form: URLSearchParams): Promise<Page> {
    const session = this.#sessions.find(cookie)
    if (session?.login) {
      await callApi(
        session,
        session.login.tokens,
        form.get('action') ?? '',
        this.#options.apiUrl,
        this.#fetch,
      )
    }
    return { kind: 'redirect', to: '/#result' }
  }

  /** Asks for the claims about the user (OpenID Connect Core §5.3). */
  async userInfo(cookie: Cookie): Promise<Page> {
    const session = this.#sessions.find(cookie)
    if (session?.login) {
      const url = (await this.#discovered()).userInfoEndpoint
      const authorization = `Bearer ${session.login.tokens.accessToken}`
      const answer = await exchange({ method: 'GET', url, authorization }, this.#fetch)
      session.result = { kind: 'userinfo', title: 'UserInfo', exchange: answer.exchange }
    }
    return { kind: 'redirect', to: '/#result' }
  }

  async refresh(cookie: Cookie): Promise<Page> {
    const session = this.#sessions.find(cookie)
    const refreshToken = session?.login?.tokens.refreshToken
    if (session?.login && refreshToken !== undefined) {
      await this.#refresh(session, session.login, refreshToken)
    }
    return { kind: 'redirect', to: '/#result' }
  }

  async #refresh(session: Session, login: Login, refreshToken: string): Promise<void> {
    const server = await this.#discovered()
    const answer = await refresh(server, this.#client, refreshToken, this.#fetch)
    session.result = { kind: 'refresh', title: 'Refresh', exchange: answer.exchange }
    const tokens = readTokens(answer, login.tokens)
    if (!tokens) {
      // RFC 6749 §5.2: `invalid_grant` means that this refresh token will never work again.
      if (answer.body.error === 'invalid_grant') {
        const { refreshToken: _, ...rest } = login.tokens
        session.login = { ...login, tokens: rest, refreshEnded: true }
      }
      return
    }
    if (answer.body.id_token !== undefined) {
      const expected = { clientId: this.#client.clientId, subject: login.identity.subject }
      try {
        await verifyIdToken(answer.body.id_token, server, expected)
      } catch (error) {
        session.result = { ...session.result, failure: (error as Error).message }
        return
      }
    }
    session.login = { ...login, tokens }
    if (session.flow)
      session.flow = { ...session.flow, ...(await this.#inspect(tokens, answer.body.id_token)) }
  }

  /** Ends the session of this application, then the one at the authorization server (OpenID Connect RP-Initiated Logout §2). */
  async logout(cookie: Cookie): Promise<Page> {
    const tokens = this.#sessions.find(cookie)?.login?.tokens
    this.#sessions.end(cookie)
    const server = await this.#discovered().catch(() => undefined)
    if (server?.endSessionEndpoint === undefined || tokens?.idToken === undefined)
      return { kind: 'redirect', to: '/' }
    return { kind: 'redirect', to: logoutRequest(server.endSessionEndpoint, this.#client, tokens.idToken) }
  }

  async stylesheet(): Promise<Page> {
    return { kind: 'stylesheet', body: await readFile(stylesheet, 'utf8') }
  }

  notFound(): Page {
    return notice(404, 'not_found')
  }

  outage(): Page {
    return notice(502, 'outage')
  }

  async #inspect(tokens: Tokens, idToken: unknown): Promise<Inspected> {
    const server = await this.#discovered()
    return {
      accessToken: await inspect(tokens.accessToken, server, this.#client.audience),
      ...(typeof idToken === 'string' && { idToken: await inspect(idToken, server, this.#client.clientId) }),
    }
  }

  /** The metadata, read once; a failure is not remembered. */
  #discovered(): Promise<AuthorizationServer> {
    this.#server ??= discover(this.#options.issuer, this.#fetch).catch((error: unknown) => {
      this.#server = undefined
      throw error
    })
    return this.#server
  }
}

function describeCallback(url: URL): HttpMessage {
  return { start: requestLine('GET', url), headers: [['host', url.host]] }
}

function notice(status: number, kind: Parameters<typeof noticePage>[0]): Page {
  return { kind: 'html', status, body: String(noticePage(kind)) }
}
