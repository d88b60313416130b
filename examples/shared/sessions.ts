import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

const maximumSessions = 1000

/** One state per browser, in memory: the browser holds a random name for it and nothing else. */
export class Sessions<State> {
  readonly #byId = new Map<string, State>()
  readonly #cookie: string
  readonly #make: () => State

  constructor(cookie: string, make: () => State) {
    this.#cookie = cookie
    this.#make = make
  }

  find(c: Context): State | undefined {
    return this.#byId.get(getCookie(c, this.#cookie) ?? '')
  }

  /** The browser's state under a name that nobody knew before: what was planted before a login is worthless. */
  renew(c: Context): State {
    const state = this.find(c) ?? this.#make()
    this.end(c)
    const [oldest] = this.#byId.keys()
    if (oldest !== undefined && this.#byId.size >= maximumSessions) this.#byId.delete(oldest)
    const id = randomBytes(32).toString('base64url')
    this.#byId.set(id, state)
    // On a host of your own add `secure` and the prefix `__Host-`. Lax: the answer arrives as a link from another site.
    setCookie(c, this.#cookie, id, { path: '/', httpOnly: true, sameSite: 'Lax' })
    return state
  }

  end(c: Context): void {
    this.#byId.delete(getCookie(c, this.#cookie) ?? '')
  }
}
