// A web application with a server of its own (a confidential client, RFC 6749 §2.1) that shows each step of OAuth as it
// happens. Written with fetch instead of a client library, so that the protocol can be read; only the verification of
// signatures is a library's work. This file owns the routes.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DemoApp, type Page } from './app.ts'
import type { DemoAppOptions } from './options.ts'

export interface RunningDemoApp {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Starts the application. It reads the authorization server's metadata when somebody logs in, not before. */
export async function startDemoApp(options: DemoAppOptions): Promise<RunningDemoApp> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host ?? '127.0.0.1', resolve)
  })
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const app = new DemoApp({ ...options, url })
  server.on('request', (request, response) => {
    serve(app, url, request).then(
      (page) => send(response, page, options.issuer),
      (error: unknown) => {
        console.error(error)
        send(response, app.outage(), options.issuer)
      },
    )
  })
  return { url, close: () => close(server) }
}

async function serve(app: DemoApp, ownUrl: string, request: IncomingMessage): Promise<Page> {
  const url = new URL(request.url ?? '/', ownUrl)
  // The callback comes to `localhost`, and a cookie belongs to one host: so the whole visit has to be there.
  if (request.headers.host !== new URL(ownUrl).host)
    return { kind: 'redirect', to: `${ownUrl}${url.pathname}` }
  const { cookie } = request.headers
  if (request.method === 'GET') {
    if (url.pathname === '/') return app.home(cookie)
    if (url.pathname === '/callback') return app.callback(cookie, url)
    if (url.pathname === '/demo-app.css') return app.stylesheet()
  }
  if (request.method === 'POST') {
    // A form of another site must not act in the owner's name (cross-site request forgery).
    if (request.headers.origin !== ownUrl) return app.notFound()
    if (url.pathname === '/login') return app.login(cookie, await readForm(request))
    if (url.pathname === '/logout') return app.logout(cookie)
    if (url.pathname === '/refresh') return app.refresh(cookie)
    if (url.pathname === '/userinfo') return app.userInfo(cookie)
    if (url.pathname === '/call') return app.call(cookie, await readForm(request))
  }
  return app.notFound()
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = ''
  for await (const chunk of request as AsyncIterable<Buffer>) {
    body += chunk.toString('latin1')
    if (body.length > 10_000) throw new Error('form too large')
  }
  return new URLSearchParams(body)
}

function send(response: ServerResponse, page: Page, issuer: string): void {
  response.setHeader('cache-control', 'no-store')
  response.setHeader('x-content-type-options', 'nosniff')
  // With `no-referrer` browsers would send `Origin: null` with our own forms.
  response.setHeader('referrer-policy', 'same-origin')
  // The login form posts to this server and is redirected on: form-action covers both.
  const formTargets = `'self' ${new URL(issuer).origin}`
  response.setHeader(
    'content-security-policy',
    `default-src 'none'; style-src 'self'; img-src data:; form-action ${formTargets}; frame-ancestors 'none'; base-uri 'none'`,
  )
  if (page.kind !== 'stylesheet' && page.cookie) response.setHeader('set-cookie', page.cookie)
  if (page.kind === 'redirect') {
    response.writeHead(303, { location: page.to }).end()
    return
  }
  const contentType = page.kind === 'stylesheet' ? 'text/css' : 'text/html'
  response.writeHead(page.kind === 'html' ? page.status : 200, {
    'content-type': `${contentType}; charset=utf-8`,
  })
  response.end(page.body)
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
