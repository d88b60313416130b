// What both password grants share: who the owner is, and what the owner's password gives.
import type { Client } from '../domain/client.ts'
import type { ResourceServer } from '../domain/resource-server.ts'
import { type Connection, serves, type User } from '../domain/user.ts'
import type { Call } from './call.ts'
import { newGrantId } from './grant-id.ts'
import { many, optional, type Params, required } from './params.ts'
import { refuse } from './refusal.ts'
import { rule } from './rule.ts'
import { openidScopes, parseScope, scopeRules } from './scope.ts'
import { grantableScope, requestedApi, userTargetRules } from './target.ts'
import type { Issuance } from './token/issuance.ts'

const unknownRealm = rule({
  id: 'password.connection_unknown',
  clause: 'RFC 6749 §4.3.2',
  error: 'invalid_request',
  description: 'invalid connection specified for password grant',
})
// The SDKs of Auth0 compare the sentences.
const wrongCredentials = rule({
  id: 'password.wrong',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  description: 'Wrong email or password.',
})
const tooManyAttempts = rule({
  id: 'password.too_many_attempts',
  clause: 'RFC 6749 §4.3.2',
  error: 'too_many_attempts',
  description:
    'We have detected suspicious login behavior and further attempts will be blocked. Please contact the administrator.',
})
const tooBusy = rule({
  id: 'password.too_busy',
  clause: 'RFC 9110 §15.6.4',
  error: 'temporarily_unavailable',
  description: 'Too many logins at this moment. Try again later.',
  status: 503,
})
const blocked = rule({
  id: 'password.user_blocked',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  description: 'user is blocked',
})

/** The rules of a password request, in the order in which they are checked: a client's own mistakes cost no attempt. */
export const passwordRules = [
  ...scopeRules,
  ...userTargetRules,
  unknownRealm,
  tooManyAttempts,
  tooBusy,
  wrongCredentials,
  blocked,
] as const

export const passwordParams = {
  username: required(320),
  password: required(),
  scope: optional(),
  audience: optional(),
  resource: many(),
} as const

/** What the owner of a username and password at `connectionName` gives to the client (RFC 6749 §4.3). */
export async function issuanceByPassword(
  params: Params<typeof passwordParams>,
  connectionName: string,
  client: Client,
  call: Call,
): Promise<Issuance> {
  // RFC 9700 §2.4: the password passes through the application, which no second factor can mend.
  call.ports.logger.warn('token.password_used', { client_id: client.id })
  const asked = params.scope === undefined ? undefined : parseScope(params.scope)
  const api = await requestedApi(params, call)
  const scope = await grantableScope(asked ?? everyScope(api), client, api, call)
  const connection = await connectionOf(connectionName, client, call)
  const user = await ownerOf(params, connection, client, call)
  return {
    subject: { kind: 'user', user, authenticatedAt: call.now, idToken: {} },
    grantId: newGrantId(call),
    scope,
    ...(api !== undefined && { api }),
    grantLabel: 'password',
    refreshToken: { kind: 'new' },
  }
}

// Auth0: no scope asks for all that the API defines, and for all that is known about the owner.
function everyScope(api: ResourceServer | undefined): readonly string[] {
  const identity = openidScopes.filter((value) => value !== 'offline_access')
  return [...identity, ...(api?.scopes ?? []).map(({ value }) => value)]
}

async function connectionOf(name: string, client: Client, call: Call): Promise<Connection> {
  const connection = await call.store.connections.findByName(name)
  if (connection === undefined || !serves(connection, client.id)) throw refuse(unknownRealm)
  return connection
}

async function ownerOf(
  { username, password }: { readonly username: string; readonly password: string },
  connection: Connection,
  client: Client,
  call: Call,
): Promise<User> {
  const verdict = await call.passwords.verify({ connection, username, password, clientId: client.id })
  switch (verdict.kind) {
    case 'authenticated':
      return verdict.user
    case 'wrong_credentials':
      throw refuse(wrongCredentials)
    case 'too_many_attempts':
      throw refuse(tooManyAttempts)
    case 'too_busy':
      throw refuse(tooBusy)
    case 'blocked':
      throw refuse(blocked)
    default:
      return verdict satisfies never
  }
}
