// An authorization server that can be told to lie: an honest one never shows whether the application checks its answers.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'

/** What it does other than grant what is asked. */
export interface Behaviour {
  /** Answers the authorization request with this error. */
  refuse?: string
  /** Grants only these scopes. */
  grant?: readonly string[]
  /** The `iss` of authorization responses; `none` leaves it out. */
  responseIssuer?: string
  /** Members that replace those of the ID token. */
  idToken?: Readonly<Record<string, unknown>>
  /** Signs with a key that is not published. */
  foreignKey?: boolean
  /** Answers the token endpoint with this error. */
  tokenError?: string
}

export interface StandIn {
  readonly issuer: string
  readonly behaviour: Behaviour
  /** The bodies that the token endpoint received. */
  readonly tokenRequests: readonly { readonly authorization: string; readonly form: URLSearchParams }[]
  /** The logout requests that arrived. */
  readonly logouts: readonly URLSearchParams[]
  readonly close: () => Promise<void>
}

export async function startStandIn(audience: string, clientId: string): Promise<StandIn> {
  const [published, foreign] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')]
  const jwk = await exportJWK(published.publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  const behaviour: Behaviour = {}
  const codes = new Map<string, URLSearchParams>()
  const tokenRequests: { authorization: string; form: URLSearchParams }[] = []
  const logouts: URLSearchParams[] = []
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

  const sign = (claims: Readonly<Record<string, unknown>>): Promise<string> =>
    new SignJWT({ iss: issuer, sub: 'auth0|ada', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(behaviour.foreignKey ? foreign.privateKey : published.privateKey)

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    const target = new URL(query.get('redirect_uri') ?? '')
    target.searchParams.set('state', query.get('state') ?? '')
    if (behaviour.responseIssuer !== 'none')
      target.searchParams.set('iss', behaviour.responseIssuer ?? issuer)
    if (behaviour.refuse) {
      target.searchParams.set('error', behaviour.refuse)
      target.searchParams.set('error_description', 'User did not authorize the request')
    } else {
      const code = randomUUID() + randomUUID()
      codes.set(code, query)
      target.searchParams.set('code', code)
    }
    response.writeHead(302, { location: target.href }).end()
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = await readForm(request)
    tokenRequests.push({ authorization: request.headers.authorization ?? '', form })
    if (behaviour.tokenError) return json(response, 400, { error: behaviour.tokenError })
    const asked = codes.get(form.get('code') ?? '') ?? new URLSearchParams({ scope: 'openid read:contacts' })
    const scope = (behaviour.grant ?? asked.get('scope')?.split(' ') ?? []).join(' ')
    const person = { name: 'Ada Lovelace', email: 'ada@example.com' }
    const idToken = { ...person, aud: clientId, nonce: asked.get('nonce') ?? undefined, ...behaviour.idToken }
    json(response, 200, {
      access_token: await sign({ aud: audience, azp: clientId, scope }),
      id_token: await sign(idToken),
      refresh_token: randomUUID() + randomUUID(),
      token_type: 'Bearer',
      expires_in: 3600,
      scope,
    })
  }

  function endSession(query: URLSearchParams, response: ServerResponse): void {
    logouts.push(query)
    response.writeHead(302, { location: query.get('post_logout_redirect_uri') ?? '' }).end()
  }

  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}authorize`,
    token_endpoint: `${issuer}oauth/token`,
    userinfo_endpoint: `${issuer}userinfo`,
    end_session_endpoint: `${issuer}oidc/logout`,
    jwks_uri: `${issuer}.well-known/jwks.json`,
    id_token_signing_alg_values_supported: ['RS256'],
    authorization_response_iss_parameter_supported: true,
  }

  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    if (url.pathname === '/authorize') authorize(url.searchParams, response)
    else if (url.pathname === '/oauth/token') void token(request, response)
    else if (url.pathname === '/oidc/logout') endSession(url.searchParams, response)
    else if (url.pathname === '/userinfo') json(response, 200, { sub: 'auth0|ada', name: 'Ada Lovelace' })
    else if (url.pathname === '/.well-known/jwks.json')
      json(response, 200, { keys: [{ ...jwk, kid, alg: 'RS256', use: 'sig' }] })
    else json(response, 200, metadata)
  })
  return {
    issuer,
    behaviour,
    tokenRequests,
    logouts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return new URLSearchParams(body)
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
