import type { Client } from '../../domain/client.ts'
import type { ClientId } from '../../domain/ids.ts'
import type { Call } from '../call.ts'
import { type RawParameters, readParams, required } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'

export const unknownClient = rule({
  id: 'authorize.client_unknown',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'invalid_request',
  description: 'client_id names no client of this server',
  help: 'Compare client_id with the client_id of the application in the tenant, and check that the application talks to the right server.',
})

/** The client that a request names. Throws a refusal that must be shown as a page (RFC 6749 §4.1.2.1). */
export async function findClient(raw: RawParameters, call: Call): Promise<Client> {
  const { client_id } = readParams(raw, { client_id: required() })
  const client = await call.store.clients.find(client_id as ClientId)
  if (client === undefined) throw refuse(unknownClient)
  return client
}
