import type { TenantId } from '../domain/ids.ts'
import type { Ports } from '../domain/ports.ts'
import type { PasswordHash } from '../domain/secrets.ts'
import type { Store } from '../domain/store.ts'

/** Where a tenant file goes, and the slow hash for its passwords. */
export interface Target {
  readonly store: Store
  readonly tenant: TenantId
  readonly ports: Pick<Ports, 'clock' | 'random' | 'sealer'>
  /** Names of the registered token formats; absent where nobody knows which extensions will run. */
  readonly tokenFormats?: readonly string[]
  /** Names of the grants that this program knows; absent where nobody is told of others. */
  readonly grantTypes?: readonly string[]
  readonly passwords: {
    hash(password: string): Promise<PasswordHash>
    verify(hash: PasswordHash, password: string): Promise<boolean>
  }
}
