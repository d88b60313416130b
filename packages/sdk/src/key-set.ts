import type { CryptoKey, JSONWebKeySet, JWTVerifyGetKey, LocalJWKSet } from 'jose'
import { createLocalJWKSet, errors } from 'jose'
import type { ServerMetadata } from './authorization-server.ts'
import { fetchJson } from './fetch-json.ts'
import { refuse } from './refusal.ts'
import type { Remembered } from './remember.ts'
import { remember } from './remember.ts'
import type { Settings } from './settings.ts'

/** Finds the key that a token names in the issuer's key set, and nowhere else: `jwk`, `jku` and `x5u` in a token's
 * header are not looked at (RFC 8725 §3.10). A key that is not there makes the set be fetched again, so that rotation
 * needs no restart. Throws jose's JWKSNoMatchingKey, or unavailable. */
export function keySet(settings: Settings, server: Remembered<ServerMetadata>): JWTVerifyGetKey<CryptoKey> {
  const keys = remember(() => fetchKeys(settings, server), settings.now)
  return async (header, token) => {
    const current = await keys.current()
    try {
      return await current(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      const renewed = await keys.renewed()
      return renewed(header, token)
    }
  }
}

async function fetchKeys(settings: Settings, server: Remembered<ServerMetadata>): Promise<LocalJWKSet> {
  const url = settings.jwksUri ?? (await server.current()).jwksUri
  if (url === undefined) throw refuse.unavailable('the authorization server publishes no jwks_uri')
  const fetched = await fetchJson(settings, url)
  if (fetched.kind === 'denied') throw refuse.unavailable(`${url} answered ${fetched.status}`)
  if (!isKeySet(fetched.document)) throw refuse.unavailable(`${url} is not a key set`)
  return createLocalJWKSet(fetched.document)
}

function isKeySet(document: object): document is JSONWebKeySet {
  if (!('keys' in document) || !Array.isArray(document.keys)) return false
  return document.keys.every((key) => typeof key === 'object' && key !== null && typeof key.kty === 'string')
}
