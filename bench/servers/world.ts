// The same little world for both servers: clients, APIs, a user, and the requests that the clients send.
import type { PreparedRequest, SigningAlgorithm } from '../contract.ts'

/** So many clients and users take turns, so that no server lives on one hot row. */
export const population = 100

export const issuer = 'https://login.example.com/'
export const redirectUri = 'https://app.example.com/callback'
export const apiScope = 'read:contacts'

/** Identifier of the API whose tokens are signed with this algorithm. */
export function apiIdentifier(algorithm: SigningAlgorithm): string {
  return `https://contacts-${algorithm.toLowerCase()}.example.com/`
}

/** RFC 7636 Appendix B. */
export const codeVerifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const codeChallenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

/** What the UserInfo endpoint answers for `openid profile email`, beside `sub`. */
export const profileClaims = {
  name: 'Ada Lovelace',
  given_name: 'Ada',
  family_name: 'Lovelace',
  nickname: 'ada',
  picture: 'https://ada.example.com/picture.png',
  locale: 'en-GB',
}

export interface Credentials {
  readonly id: string
  readonly secret: string
}

export function clientCredentialsRequest(client: Credentials, algorithm: SigningAlgorithm): PreparedRequest {
  const fields = { grant_type: 'client_credentials', resource: apiIdentifier(algorithm), scope: apiScope }
  return tokenRequest(client, fields)
}

export function codeRequest(client: Credentials, code: string): PreparedRequest {
  return tokenRequest(client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
  })
}

export function refreshRequest(client: Credentials, token: string): PreparedRequest {
  return tokenRequest(client, { grant_type: 'refresh_token', refresh_token: token })
}

export function userInfoRequest(token: string): PreparedRequest {
  return { method: 'GET', path: '/userinfo', headers: { authorization: `Bearer ${token}` }, body: '' }
}

export function introspectionRequest(client: Credentials, token: string): PreparedRequest {
  return post('/oauth/introspect', client, { token })
}

/** What a browser asks for that is logged in already. `cookie`: its header. */
export function implicitRequest({ id }: Credentials, cookie: string): PreparedRequest {
  const query = new URLSearchParams({
    response_type: 'id_token token',
    client_id: id,
    redirect_uri: redirectUri,
    scope: 'openid',
    nonce: 'n-0S6_WzA2Mj',
  })
  return { method: 'GET', path: `/authorize?${query}`, headers: { cookie }, body: '' }
}

export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

export function pollRequest(client: Credentials, deviceCode: string): PreparedRequest {
  return tokenRequest(client, { grant_type: deviceGrantType, device_code: deviceCode })
}

export function deviceCodesRequest(client: Credentials): PreparedRequest {
  return post('/oauth/device/code', client, { scope: 'openid' })
}

export function pushRequest(client: Credentials): PreparedRequest {
  return post('/oauth/par', client, {
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
  })
}

export const discoveryRequest: PreparedRequest = {
  method: 'GET',
  path: '/.well-known/openid-configuration',
  headers: {},
  body: '',
}

function tokenRequest(client: Credentials, fields: Readonly<Record<string, string>>): PreparedRequest {
  return post('/oauth/token', client, fields)
}

function post(path: string, client: Credentials, fields: Readonly<Record<string, string>>): PreparedRequest {
  const body = new URLSearchParams({ client_id: client.id, client_secret: client.secret, ...fields })
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  }
}
