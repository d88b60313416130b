import type { AccessToken } from './access-token.ts'

/** Keeps the verified token of a request for its handler, without touching the framework's types. `of` throws on a
 * route that asks for no token. */
export type AttachedTokens = {
  readonly attach: (request: object, token: AccessToken) => void
  readonly of: (request: object) => AccessToken
}

/** Makes the store of one adapter. An entry goes away with its request. */
export function attachedTokens(): AttachedTokens {
  const tokens = new WeakMap<object, AccessToken>()
  return {
    attach: (request, token) => void tokens.set(request, token),
    of(request) {
      const token = tokens.get(request)
      if (!token)
        throw new Error('no access token here: put requireScopes() before the handler of this route')
      return token
    },
  }
}
