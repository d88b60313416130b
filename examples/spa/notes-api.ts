// An API for pages of another origin: the browser asks it first whether they may come (CORS).
import { protectResource } from '@valetkey/sdk'
import { protectHono } from '@valetkey/sdk/hono'
import { Hono } from 'hono'
import { cors } from 'hono/cors'

const notes = ['The engine might compose music.', 'Note G: check the Bernoulli numbers.', 'Write to Babbage.']

export function notesApi(issuer: string, audience: string, pages: string): Hono {
  const { requireScopes } = protectHono(protectResource({ issuer, audience }))
  return new Hono()
    .use(cors({ origin: pages, allowHeaders: ['authorization'] }))
    .get('/notes', requireScopes('read:notes'), (c) => c.json({ notes }))
}
