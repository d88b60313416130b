// The application's server: it hands out files, and knows nothing of tokens.
import { readFileSync } from 'node:fs'
import { Hono } from 'hono'

/** What the page has to know. Nothing in it is secret: everybody can read it. */
export interface Settings {
  readonly domain: string
  readonly clientId: string
  readonly audience: string
  readonly apiUrl: string
}

// The bundle for a script element lies beside the folder of the one for Node.
const sdk = new URL('../auth0-spa-js.production.js', import.meta.resolve('@auth0/auth0-spa-js'))
const files: Readonly<Record<string, readonly [type: string, file: URL]>> = {
  '/': ['text/html', new URL('public/index.html', import.meta.url)],
  '/app.js': ['text/javascript', new URL('public/app.js', import.meta.url)],
  '/auth0-spa-js.js': ['text/javascript', sdk],
  '/style.css': ['text/css', new URL(import.meta.resolve('@valetkey-examples/shared/style.css'))],
}

export function staticFiles(settings: Settings): Hono {
  const { domain, apiUrl } = settings
  // Scripts of its own, and conversations with its two servers: what an injected script could do is little.
  const policy = `default-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; frame-src ${domain}; connect-src 'self' ${domain} ${apiUrl}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`
  const app = new Hono()
  app.use(async (c, next) => {
    await next()
    c.header('content-security-policy', policy)
    c.header('cache-control', 'no-cache')
  })
  for (const [path, [type, file]] of Object.entries(files)) {
    const text = readFileSync(file, 'utf8')
    app.get(path, (c) => c.body(text, 200, { 'content-type': `${type}; charset=utf-8` }))
  }
  return app.get('/settings.json', (c) => c.json(settings))
}
