// A browser for applications that are no part of a test server: it keeps cookies and follows nothing by itself.
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Visited {
  readonly url: string
  readonly status: number
  readonly body: string
  /** Where the response sends the browser. */
  readonly location?: URL
}

/** Asks an application, by path or URL, with the cookies that it set before. */
export type Visitor = (to: string | URL) => Promise<Visited>

// As browsers do when a person goes to a page: mod_auth_openidc redirects nobody else. `fetch` would say otherwise.
const asPerson = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

export function visitorOf(appUrl: string): Visitor {
  const cookies = new Map<string, string>()
  return async (to) => {
    const url = new URL(to, appUrl)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const [response] = (await once(get(url, { headers: { ...asPerson, cookie } }), 'response')) as [
      IncomingMessage,
    ]
    for (const set of response.headers['set-cookie'] ?? []) keep(cookies, set)
    const { location } = response.headers
    return {
      url: url.href,
      status: response.statusCode ?? 0,
      body: await text(response),
      ...(location !== undefined && { location: new URL(location, url) }),
    }
  }
}

function keep(cookies: Map<string, string>, set: string): void {
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
  if (value === '' || /expires=thu, 01 jan 1970/i.test(set)) cookies.delete(name)
  else cookies.set(name, value)
}

export function locationOf({ location, status, url, body }: Visited): URL {
  if (location === undefined) throw new Error(`no redirect but ${status} from ${url}: ${body}`)
  return location
}
