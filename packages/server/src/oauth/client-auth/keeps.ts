import type { Client, Keeps } from '../../domain/client.ts'
import type { Registry } from '../registry.ts'

interface Knowing {
  readonly registry: Pick<Registry, 'keeps'>
}

/** What clients that registered this method keep; nothing where nobody knows it, since nobody can authenticate by it. */
export function keepsOf(method: string, { registry }: Knowing): Keeps {
  return registry.keeps.get(method) ?? 'nothing'
}

/** Whether the client can keep what it authenticates with (RFC 6749 §2.1). */
export function isConfidential(client: Client, call: Knowing): boolean {
  return keepsOf(client.tokenEndpointAuthMethod, call) !== 'nothing'
}
