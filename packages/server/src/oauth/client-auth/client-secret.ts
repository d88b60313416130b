import type { Client } from '../../domain/client.ts'
import { sameSecret } from '../../domain/secrets.ts'
import type { Call } from '../call.ts'
import type { ClientCredentials } from './client-auth-method.ts'

/** What a sealed client secret is sealed for. */
export const clientSecretPurpose = 'client_secret'

export const secretMethods = ['client_secret_basic', 'client_secret_post'] as const

/** Whether the secret is one of those in force. All are compared, so that time tells nothing. */
export async function verifySecret(
  credentials: ClientCredentials,
  client: Client,
  call: Call,
): Promise<boolean> {
  let matches = false
  for (const secret of client.secrets) {
    const same = sameSecret(call.ports.sealer.open(secret, clientSecretPurpose), credentials.proof ?? '')
    matches = same || matches
  }
  return matches && credentials.proof !== undefined
}
