// An API that is protected by access tokens: every route names the scope it needs, and each owner sees only their own
// contacts. Knows nothing of logins, sessions or clients.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { protectResource } from '@valetkey/sdk'
import { protectNode } from '@valetkey/sdk/node'
import { ContactBook } from './contact-book.ts'
import { isFailure, readJson } from './read-json.ts'

export interface ContactsApiOptions {
  /** The authorization server, letter by letter as in its metadata. */
  readonly issuer: string
  /** This API's identifier: the `aud` of the tokens that are meant for it. */
  readonly audience: string
  /** 0 takes a free one. */
  readonly port: number
  readonly host?: string
  readonly fetch?: typeof fetch
}

export interface ContactsApi {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Starts the API. It asks the authorization server for its keys when the first token comes, not before. */
export async function startContactsApi(options: ContactsApiOptions): Promise<ContactsApi> {
  const { issuer, audience, port, host = '127.0.0.1' } = options
  const protection = protectNode(
    protectResource({ issuer, audience, ...(options.fetch && { fetch: options.fetch }) }),
  )
  const book = new ContactBook()

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = routeOf(request)
    if (route.kind === 'unknown') return send(response, 404, { error: 'not_found' })
    if (route.kind === 'wrong_method') {
      response.setHeader('allow', route.allow)
      return send(response, 405, { error: 'method_not_allowed' })
    }

    // The one line that protects a route. When it answers `undefined`, the refusal has been sent.
    const token = await protection.authenticate(request, response, { scopes: [route.scope] })
    if (!token) return
    const owner = token.subject
    if (owner === undefined) return send(response, 403, { error: 'no_subject' })

    if (route.kind === 'list') return send(response, 200, { contacts: book.list(owner) })
    if (route.kind === 'delete') {
      if (!book.delete(owner, route.id)) return send(response, 404, { error: 'not_found' })
      response.writeHead(204).end()
      return
    }
    const body = await readJson(request)
    if (isFailure(body)) return send(response, body.status, { error: body.error })
    const contact = book.create(owner, body.json)
    if (!contact) return send(response, 400, { error: 'name_and_email_needed' })
    response.setHeader('location', `/contacts/${contact.id}`)
    send(response, 201, contact)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      console.error(error)
      if (response.headersSent) response.destroy()
      else send(response, 500, { error: 'server_error' })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })

  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Route =
  | { readonly kind: 'list' | 'create'; readonly scope: string }
  | { readonly kind: 'delete'; readonly scope: string; readonly id: string }
  | { readonly kind: 'wrong_method'; readonly allow: string }
  | { readonly kind: 'unknown' }

function routeOf(request: IncomingMessage): Route {
  const [path = ''] = (request.url ?? '').split('?')
  if (path === '/contacts') {
    if (request.method === 'GET') return { kind: 'list', scope: 'read:contacts' }
    if (request.method === 'POST') return { kind: 'create', scope: 'create:contacts' }
    return { kind: 'wrong_method', allow: 'GET, POST' }
  }
  const id = /^\/contacts\/([\w-]+)$/.exec(path)?.[1]
  if (id === undefined) return { kind: 'unknown' }
  if (request.method === 'DELETE') return { kind: 'delete', scope: 'delete:contacts', id }
  return { kind: 'wrong_method', allow: 'DELETE' }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
