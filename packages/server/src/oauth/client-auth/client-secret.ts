import { type Client, clientSecretPurpose } from '../../domain/client.ts'
import { sameSecret } from '../../domain/secrets.ts'
import type { Call } from '../call.ts'
import type { ClientCredentials } from './client-auth-method.ts'

export const secretMethods = ['client_secret_basic', 'client_secret_post'] as const

/** The client's secrets in force, readable: several while one is being rotated. */
export function clientSecrets(client: Client, call: Call): readonly string[] {
  const purpose = clientSecretPurpose(client.id)
  return client.secrets.map((secret) => call.ports.sealer.open(secret, purpose))
}

/** Whether the secret is one of those in force. All are compared, so that time tells nothing. */
export function verifySecret(credentials: ClientCredentials, client: Client, call: Call): boolean {
  let matches = false
  for (const secret of clientSecrets(client, call)) {
    const same = sameSecret(secret, credentials.proof ?? '')
    matches = same || matches
  }
  return matches && credentials.proof !== undefined
}
