import type { UserId } from '../../domain/ids.ts'
import type { User } from '../../domain/user.ts'
import type { Call } from '../call.ts'
import { refuse } from '../refusal.ts'
import { type Rule, rule } from '../rule.ts'

const gone = rule({
  id: 'user.gone',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  description: 'The user of this grant does not exist anymore',
})
const blocked = rule({
  id: 'user.blocked',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  // auth0-spa-js compares this sentence.
  description: 'user is blocked',
})
/** Declared by what asks for a living user. */
export const blockedUserRules = [blocked] as const
export const livingUserRules = [gone, blocked] as const

/**
 * The user that something is for, as long as the user may have tokens. Throws `invalid_grant`; `whenGone` where the client has
 * to read another sentence about a user who was deleted.
 */
export async function livingUser(id: UserId, call: Call, whenGone: Rule = gone): Promise<User> {
  const user = await call.store.users.find(id)
  if (user === undefined) throw refuse(whenGone)
  if (user.blocked) throw refuse(blocked)
  return user
}
