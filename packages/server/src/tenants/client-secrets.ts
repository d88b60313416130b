import type { ClientEntry, Located, Mistake } from '@valetkey/api'
import { type Client, clientSecretPurpose, type Keeps } from '../domain/client.ts'
import type { Sealed } from '../domain/secrets.ts'
import { newClientSecret } from './identifiers.ts'
import type { Target } from './target.ts'

/** All secrets that the entry puts in force; absent where it says nothing of them. */
export function givenSecrets({ client_secret, valetkey }: ClientEntry): readonly string[] | undefined {
  return valetkey?.client_secrets ?? (client_secret === undefined ? undefined : [client_secret])
}

/** What an entry puts in force, and the client that is stored. */
interface Secrets {
  readonly given: readonly string[] | undefined
  readonly stored: Client | undefined
}

/**
 * The secrets the client shall have. One that is in force already stays as it is sealed, so that nothing changes. One is
 * made where there is none at all.
 */
export function secretsFor(
  client: Client,
  keeps: Keeps,
  { given, stored }: Secrets,
  { ports }: Target,
): { readonly sealed: readonly Sealed[]; readonly made?: string } {
  if (keeps !== 'secret') return { sealed: [] }
  const inForce = stored?.secrets ?? []
  const purpose = clientSecretPurpose(client.id)
  if (given !== undefined) {
    const sealedAs = new Map(inForce.map((sealed) => [ports.sealer.open(sealed, purpose), sealed]))
    return { sealed: given.map((secret) => sealedAs.get(secret) ?? ports.sealer.seal(secret, purpose)) }
  }
  if (inForce.length > 0) return { sealed: inForce }
  const made = newClientSecret(ports.random)
  return { sealed: [ports.sealer.seal(made, purpose)], made }
}

/** What is wrong with the secrets of an entry, given what a client of its method keeps. */
export function secretMistakes({ path, entry }: Located<ClientEntry>, keeps: Keeps): readonly Mistake[] {
  const several = entry.valetkey?.client_secrets
  const listed = [...path, 'valetkey', 'client_secrets']
  const mistakes: Mistake[] = []
  if (keeps !== 'secret' && givenSecrets(entry) !== undefined)
    mistakes.push({
      path: several === undefined ? [...path, 'client_secret'] : listed,
      message:
        'a client that does not authenticate with a secret has none: remove it, or set token_endpoint_auth_method',
    })
  if (several !== undefined && entry.client_secret !== undefined)
    mistakes.push({
      path: [...path, 'client_secret'],
      message: 'contradicts valetkey.client_secrets, which lists all: give one of them',
    })
  for (const [index, secret] of (several ?? []).entries())
    if (several?.indexOf(secret) !== index)
      mistakes.push({ path: [...listed, index], message: 'stands twice in this list' })
  return mistakes
}
