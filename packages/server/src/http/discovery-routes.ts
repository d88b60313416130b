import type { Hono } from 'hono'
import type { Tenant } from '../domain/tenant.ts'
import { metadata } from '../oauth/metadata.ts'
import { registrationMode } from '../oauth/registration/access.ts'
import { registrationPath } from '../oauth/registration/register.ts'
import { locales } from '../pages/locales/locale.ts'
import { openCors, preflight } from './cors.ts'
import { type ServerContext, tenantOf } from './server-context.ts'

// Short, because a rotation must reach verifiers before the next key signs.
const headers = {
  'content-type': 'application/json',
  'x-content-type-options': 'nosniff',
  ...openCors,
  'cache-control': 'public, max-age=60',
}

/** Metadata and keys: public, cacheable, readable by every page (RFC 8414 §3, RFC 7517 §5). */
export function discoveryRoutes(app: Hono, context: ServerContext): void {
  const always = metadata(context.issuer, context.registry, locales)
  // What the store answers is frozen and stays the same object until it changes.
  const documents = new WeakMap<Tenant, string>()
  const documentOf = (tenant: Tenant) => {
    const known = documents.get(tenant)
    if (known !== undefined) return known
    const document = JSON.stringify({ ...always, ...tenantMetadata(tenant, context) })
    documents.set(tenant, document)
    return document
  }
  app.options('/.well-known/*', () => preflight('GET', '*'))
  for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']) {
    app.get(path, async () => {
      return new Response(documentOf(await tenantOf(context)), { headers })
    })
  }
  app.get('/.well-known/jwks.json', async () => {
    return new Response(JSON.stringify({ keys: await context.keys.publicJwks() }), { headers })
  })
}

// What the tenant's settings decide.
function tenantMetadata(tenant: Tenant, { issuer }: ServerContext) {
  const contexts = (tenant.settings.acrValues ?? []).map(({ value }) => value)
  return {
    ...(registrationMode(tenant) !== 'closed' && { registration_endpoint: `${issuer}${registrationPath}` }),
    ...(contexts.length > 0 && { acr_values_supported: contexts }),
  }
}
