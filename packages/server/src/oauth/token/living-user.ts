import type { UserId } from '../../domain/ids.ts'
import type { User } from '../../domain/user.ts'
import type { Call } from '../call.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'

const gone = rule({
  id: 'user.gone',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  // Auth0's mobile SDKs compare this sentence.
  description: "The refresh_token was generated for a user who doesn't exist anymore.",
})
const blocked = rule({
  id: 'user.blocked',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  // auth0-spa-js compares this sentence.
  description: 'user is blocked',
})
export const livingUserRules = [gone, blocked] as const

/** The user that a code or refresh token is for, as long as the user may have tokens. Throws `invalid_grant`. */
export async function livingUser(id: UserId, call: Call): Promise<User> {
  const user = await call.store.users.find(id)
  if (user === undefined) throw refuse(gone)
  if (user.blocked) throw refuse(blocked)
  return user
}
