import type { Hono } from 'hono'
import { metadata } from '../oauth/metadata.ts'
import { registrationMode } from '../oauth/registration/access.ts'
import { registrationPath } from '../oauth/registration/register.ts'
import { locales } from '../pages/locales/locale.ts'
import { openCors, preflight } from './cors.ts'
import { beginCall, type ServerContext } from './server-context.ts'

const publicHeaders = {
  'content-type': 'application/json',
  'x-content-type-options': 'nosniff',
  ...openCors,
}

/** Metadata and keys: public, cacheable, readable by every page (RFC 8414 §3, RFC 7517 §5). */
export function discoveryRoutes(app: Hono, context: ServerContext): void {
  const always = metadata(context.issuer, context.registry, locales)
  const closed = JSON.stringify(always)
  const registering = JSON.stringify({
    ...always,
    registration_endpoint: `${context.issuer}${registrationPath}`,
  })
  app.options('/.well-known/*', () => preflight('GET', '*'))
  for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']) {
    app.get(path, async () => {
      const { tenant } = await beginCall(context)
      return new Response(registrationMode(tenant) === 'closed' ? closed : registering, {
        headers: { ...publicHeaders, 'cache-control': 'public, max-age=60' },
      })
    })
  }
  app.get('/.well-known/jwks.json', async () => {
    const call = await beginCall(context)
    const keys = await call.keys.publicJwks()
    // Short, because a rotation must reach verifiers before the next key signs.
    return new Response(JSON.stringify({ keys }), {
      headers: { ...publicHeaders, 'cache-control': 'public, max-age=60' },
    })
  })
}
