// Every adapter serves the same small API, and every test drives each of them over HTTP.
import assert from 'node:assert/strict'
import type { IncomingMessage, RequestListener } from 'node:http'
import { request as httpRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { protectExpress } from '../src/express.ts'
import { protectFastify } from '../src/fastify.ts'
import { protectHono } from '../src/hono.ts'
import { protectNode } from '../src/node.ts'
import type { ProtectedResource } from '../src/sdk.ts'
import { anIssuer, contactsApi, issuer } from './an-issuer.ts'
import { onLoopback } from './on-loopback.ts'

const server = await anIssuer()
const resource = 'https://api.example.com/contacts'
const api = contactsApi(server, { resource, bearerMethods: ['header', 'body', 'query'], realm: 'contacts' })
const token = await server.token({ permissions: ['read:contacts'] })

/** GET and POST /contacts need read:contacts, DELETE needs delete:contacts, /own-cache sets its own cache-control. */
const adapters = { Express: overExpress, Fastify: overFastify, Hono: overHono, 'node:http': overNode }

function overExpress(contacts: ProtectedResource): RequestListener {
  const { requireScopes, requirePermissions, token, metadata } = protectExpress(contacts)
  const app = express()
  app.use(metadata, express.urlencoded({ extended: true }))
  app.get('/contacts', requireScopes('read:contacts'), (req, res) => {
    res.json({ subject: token(req).subject })
  })
  app.post('/contacts', requireScopes('read:contacts'), (req, res) => {
    res.json({ subject: token(req).subject, name: req.body.name })
  })
  app.delete('/contacts', requirePermissions('delete:contacts'), (_, res) => void res.end())
  app.get('/own-cache', requireScopes(), (_, res) => void res.set('cache-control', 'no-store').json({}))
  return app
}

async function overFastify(contacts: ProtectedResource): Promise<RequestListener> {
  const { requireScopes, requirePermissions, token, metadata } = protectFastify(contacts)
  const app = fastify()
  app.register(metadata)
  const formBody = { parseAs: 'string' } as const
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    formBody,
    async (_: unknown, body: string | Buffer) => Object.fromEntries(new URLSearchParams(String(body))),
  )
  app.get('/contacts', { onRequest: requireScopes('read:contacts') }, async (req) => {
    return { subject: token(req).subject }
  })
  app.post<{ Body: { name?: string } }>(
    '/contacts',
    { preHandler: requireScopes('read:contacts') },
    async (req) => ({ subject: token(req).subject, name: req.body.name }),
  )
  app.delete('/contacts', { onRequest: requirePermissions('delete:contacts') }, async () => '')
  app.get('/own-cache', { onRequest: requireScopes() }, async (_, reply) => {
    return reply.header('cache-control', 'no-store').send({})
  })
  await app.ready()
  return (req, res) => app.routing(req, res)
}

function overHono(contacts: ProtectedResource): RequestListener {
  const { requireScopes, requirePermissions, token, metadata } = protectHono(contacts)
  const app = new Hono()
  app.use(metadata)
  app.get('/contacts', requireScopes('read:contacts'), (c) => c.json({ subject: token(c).subject }))
  app.post('/contacts', requireScopes('read:contacts'), async (c) => {
    const { name } = await c.req.parseBody()
    return c.json({ subject: token(c).subject, name })
  })
  app.delete('/contacts', requirePermissions('delete:contacts'), (c) => c.body(null))
  app.get(
    '/own-cache',
    requireScopes(),
    () => new Response('{}', { headers: { 'cache-control': 'no-store' } }),
  )
  return getRequestListener(app.fetch)
}

function overNode(contacts: ProtectedResource): RequestListener {
  const { authenticate, metadata } = protectNode(contacts)
  return async (req, res) => {
    if (metadata(req, res)) return
    const form = new URLSearchParams(await text(req))
    const scopes = ['read:contacts']
    const needs =
      req.method === 'DELETE' ? { permissions: ['delete:contacts'] } : { scopes, form: () => form }
    const token = await authenticate(req, res, needs)
    if (!token) return
    if (req.url?.startsWith('/own-cache')) res.setHeader('cache-control', 'no-store')
    res.end(JSON.stringify({ subject: token.subject, name: form.get('name') ?? undefined }))
  }
}

async function onEvery(t: TestContext, check: (origin: string) => Promise<void>): Promise<void> {
  for (const [name, over] of Object.entries(adapters)) {
    await t.test(name, async (t) => check(await onLoopback(t, await over(api))))
  }
}

const bearer = { headers: { authorization: `Bearer ${token}` } }

test('RFC 6750 §2.1: each adapter lets a good token pass and hands it to the handler', async (t) => {
  await onEvery(t, async (origin) => {
    const response = await fetch(`${origin}/contacts`, bearer)
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { subject: 'auth0|64f0c1d2e3f4a5b6c7d8e9f0' })
    assert.equal(response.headers.get('cache-control'), null)
  })
})

test('RFC 6750 §3.1: each adapter challenges a request without a token', async (t) => {
  await onEvery(t, async (origin) => {
    const response = await fetch(`${origin}/contacts`)
    assert.equal(response.status, 401)
    assert.equal(
      response.headers.get('www-authenticate'),
      'Bearer realm="contacts", scope="read:contacts", ' +
        'resource_metadata="https://api.example.com/.well-known/oauth-protected-resource/contacts"',
    )
    assert.equal(await response.text(), '')
  })
})

test('RFC 6750 §3.1: each adapter refuses a token without the permission', async (t) => {
  await onEvery(t, async (origin) => {
    const response = await fetch(`${origin}/contacts`, { ...bearer, method: 'DELETE' })
    assert.equal(response.status, 403)
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
    assert.deepEqual(await response.json(), {
      error: 'insufficient_scope',
      error_description: 'The request needs privileges that the access token does not have',
    })
  })
})

test('RFC 6750 §2.2: each adapter finds a token in the form body and leaves the body to the handler', async (t) => {
  await onEvery(t, async (origin) => {
    const body = new URLSearchParams({ access_token: token, name: 'Ada' })
    const response = await fetch(`${origin}/contacts`, { method: 'POST', body })
    assert.deepEqual(await response.json(), { subject: 'auth0|64f0c1d2e3f4a5b6c7d8e9f0', name: 'Ada' })
  })
})

test('RFC 6750 §2.3: each adapter marks the answer to a token in the query private', async (t) => {
  await onEvery(t, async (origin) => {
    const response = await fetch(`${origin}/contacts?access_token=${token}`)
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'private')
  })
})

test('RFC 6750 §2.3: each adapter leaves a cache-control that the handler chose', async (t) => {
  await onEvery(t, async (origin) => {
    const response = await fetch(`${origin}/own-cache?access_token=${token}`)
    assert.equal(response.headers.get('cache-control'), 'no-store')
  })
})

test('RFC 6750 §3.1: each adapter sees a second Authorization header', async (t) => {
  await onEvery(t, async (origin) => {
    const credentials = `Bearer ${token}`
    const headers = ['host', new URL(origin).host, 'authorization', credentials, 'Authorization', credentials]
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(`${origin}/contacts`, { headers, agent: false }, resolve).on('error', reject).end()
    })
    response.resume()
    assert.equal(response.statusCode, 400)
  })
})

test('RFC 9728 §3.2: each adapter serves the metadata', async (t) => {
  await onEvery(t, async (origin) => {
    const response = await fetch(`${origin}/.well-known/oauth-protected-resource/contacts`)
    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
    assert.equal(response.headers.get('access-control-allow-origin'), '*')
    assert.deepEqual(await response.json(), {
      resource,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header', 'body', 'query'],
    })
  })
})

test('RFC 6749 §3.3: each adapter refuses a scope that is none when the route is made', () => {
  for (const { requireScopes } of [protectExpress(api), protectFastify(api), protectHono(api)]) {
    assert.throws(() => requireScopes('read:contacts write:contacts'), TypeError)
  }
})

test('RFC 6750 §2: a handler on a route that requires no token is told so', async () => {
  const { token } = protectHono(api)
  const app = new Hono().get('/', (c) => c.json(token(c)))
  app.onError((error, c) => c.text(error.message, 500))
  assert.match(await (await app.request('/')).text(), /put requireScopes\(\) before the handler/)
})
