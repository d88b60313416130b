import type { PendingLogin } from './authorization.ts'
import { randomValue } from './authorization.ts'
import type { Exchange, HttpMessage } from './exchange.ts'
import type { Identity, Inspection, Tokens } from './tokens.ts'

/** Tokens as they are shown. */
export interface Inspected {
  readonly accessToken?: Inspection
  readonly idToken?: Inspection
}

/** What happened at the last login, in the order of the protocol; a step that was not reached is absent. */
export interface Flow extends Inspected {
  /** 1: the URL that the browser was sent to. */
  readonly authorizationUrl: string
  readonly askedScopes: readonly string[]
  /** 3: the request that came back. */
  readonly callback: HttpMessage
  readonly refused?: { readonly error: string; readonly description?: string }
  /** 4 and 5. */
  readonly tokenExchange?: Exchange
  /** Why the application did not believe the answer. */
  readonly failure?: string
}

/** The last button that was pressed, and what came of it. */
export interface Result extends Inspected {
  readonly kind: 'api' | 'userinfo' | 'refresh'
  readonly title: string
  readonly exchange: Exchange
  /** Why the application did not believe a successful answer. */
  readonly failure?: string
  /** The scope that the API asks for. */
  readonly neededScope?: string
}

/** Who logged in, and what for. */
export interface Login {
  readonly identity: Identity
  readonly tokens: Tokens
  /** Whether there was a refresh token, which the authorization server takes no more. */
  readonly refreshEnded?: boolean
}

/** One browser. Tokens stay here; the browser holds a random name for this object and nothing else. */
export interface Session {
  /** By `state`, so that several tabs can log in at once. */
  readonly pending: Map<string, PendingLogin>
  flow?: Flow
  login?: Login
  result?: Result
  /** The contact that the delete button deletes. */
  lastContact?: { readonly id: string; readonly name: string }
}

const cookieName = 'contacts_demo'
const maximumSessions = 1000
const maximumPending = 10

/** Sessions in memory: they end with the process, and the oldest makes room when there are too many. */
export class Sessions {
  readonly #byId = new Map<string, Session>()

  find(cookieHeader: string | undefined): Session | undefined {
    return this.#byId.get(idIn(cookieHeader) ?? '')
  }

  /**
   * The browser's session under a name that nobody knew before, with the cookie that says so; a new one when it has none.
   * A new name at each login makes a name that was planted before worthless (session fixation).
   */
  renew(cookieHeader: string | undefined): { readonly session: Session; readonly cookie: string } {
    const session = this.find(cookieHeader) ?? { pending: new Map() }
    this.end(cookieHeader)
    const [oldest] = this.#byId.keys()
    if (oldest !== undefined && this.#byId.size >= maximumSessions) this.#byId.delete(oldest)
    const id = randomValue()
    this.#byId.set(id, session)
    // On a host of your own add `Secure`, and the prefix `__Host-` to the name. Lax, because the answer of the
    // authorization server arrives as a link from another site.
    return { session, cookie: `${cookieName}=${id}; Path=/; HttpOnly; SameSite=Lax` }
  }

  end(cookieHeader: string | undefined): void {
    this.#byId.delete(idIn(cookieHeader) ?? '')
  }
}

/** Keeps what the answer will be checked against; a browser that begins and never ends forgets its oldest login. */
export function remember(session: Session, login: PendingLogin): void {
  const [oldest] = session.pending.keys()
  if (oldest !== undefined && session.pending.size >= maximumPending) session.pending.delete(oldest)
  session.pending.set(login.state, login)
}

/** The login that an answer belongs to, once (RFC 6749 §10.12). */
export function take(session: Session, state: string): PendingLogin | undefined {
  const login = session.pending.get(state)
  session.pending.delete(state)
  return login
}

function idIn(cookieHeader: string | undefined): string | undefined {
  return cookieHeader
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1)
}
