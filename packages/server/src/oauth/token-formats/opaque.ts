import { artifactKind } from '../../domain/artifact.ts'
import { randomToken } from '../../domain/ports.ts'
import { hashed } from '../../domain/secrets.ts'
import { type AccessTokenClaims, defineTokenFormat } from './token-format.ts'

const accessToken = artifactKind<AccessTokenClaims>('access_token')

/** A random string that only this server can read; issued where no API is asked for. */
export const opaque = defineTokenFormat({
  name: 'opaque',
  async mint(claims, _api, call) {
    const token = randomToken(call.ports.random)
    await call.store.artifacts.put(
      accessToken,
      hashed(token),
      { body: claims, expiresAt: claims.expiresAt },
      call.now,
    )
    return token
  },
  read(token, call) {
    return call.store.artifacts.peek(accessToken, hashed(token), call.now)
  },
})
