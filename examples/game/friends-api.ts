// The social site's API. It takes tokens of the social site's server, and of no other.
import { protectResource } from '@valetkey/sdk'
import { protectHono } from '@valetkey/sdk/hono'
import { Hono } from 'hono'

const friends = ['Charles Babbage', 'Mary Somerville', 'Michael Faraday']

export function friendsApi(issuer: string, audience: string): Hono {
  const { requireScopes } = protectHono(protectResource({ issuer, audience }))
  return new Hono().get('/friends', requireScopes('read:friends'), (c) => c.json({ friends }))
}
