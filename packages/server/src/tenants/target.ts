import type { Keeps } from '../domain/client.ts'
import type { TenantId } from '../domain/ids.ts'
import type { Ports } from '../domain/ports.ts'
import type { PasswordHash } from '../domain/secrets.ts'
import type { Store } from '../domain/store.ts'

/** Where a tenant file goes, and the slow hash for its passwords. */
export interface Target {
  readonly store: Store
  readonly tenant: TenantId
  readonly ports: Pick<Ports, 'clock' | 'random' | 'sealer'>
  readonly known: KnownNames
  readonly passwords: {
    hash(password: string): Promise<PasswordHash>
    verify(hash: PasswordHash, password: string): Promise<boolean>
  }
}

/** What this program knows by the names that a tenant file uses. */
export interface KnownNames {
  readonly tokenFormats: readonly string[]
  readonly grantTypes: readonly string[]
  /** What clients keep, by the client-authentication method that they registered. */
  readonly keeps: ReadonlyMap<string, Keeps>
  /** Whether the server will run with just these: else extensions may bring more. */
  readonly areAll: boolean
}

/** What a client of this method keeps; one of an unknown extension may need a secret, so that it gets one. */
export function keepsOf(method: string, { known }: Pick<Target, 'known'>): Keeps {
  return known.keeps.get(method) ?? 'secret'
}
