// Names a user inside a token whose `sub` names nobody outside one sector: only this server can read the name.
import type { UserId } from '../domain/ids.ts'
import type { Ports } from '../domain/ports.ts'
import type { Sealed } from '../domain/secrets.ts'

const purpose = 'user_reference'

/** Lengths are rounded up, so that the reference does not tell how long the id is. */
const stepLength = 64

/** A reference to the user, another one each time: two tokens with it cannot be linked (OpenID Connect Core §8.1). */
export function userReference(id: UserId, { ports }: { readonly ports: Ports }): string {
  const json = JSON.stringify(id)
  return ports.sealer.seal(json.padEnd(Math.ceil(json.length / stepLength) * stepLength), purpose)
}

/** The user behind a reference; `undefined` when this server did not make it. */
export function referencedUser(reference: string, { ports }: { readonly ports: Ports }): UserId | undefined {
  try {
    return JSON.parse(ports.sealer.open(reference as Sealed, purpose))
  } catch {
    // Another master key, or no reference at all: it names nobody.
    return undefined
  }
}
