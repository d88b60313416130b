import type { TenantId } from '../../domain/ids.ts'
import type { SigningAlgorithm, SigningKey } from '../../domain/signing-key.ts'
import type { TenantStore } from '../../domain/store.ts'
import { access } from './access.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { sql } from './query.ts'

interface Row {
  readonly algorithm: SigningAlgorithm
  readonly sequence: number
  readonly kid: string
  readonly body: string
}

type Body = Omit<SigningKey, 'algorithm' | 'sequence' | 'kid'>

/** The key pairs of a tenant; private halves arrive sealed. */
export function signingKeys(engine: Engine, tenant: TenantId): TenantStore['signingKeys'] {
  const { read, change, put } = access(engine, 'signing key')
  return {
    async list() {
      const found = await read<Row>(
        sql`select algorithm, sequence, kid, body from signing_key where tenant_id = ${tenant}
          order by algorithm, sequence desc`,
      )
      return found.map(({ algorithm, sequence, kid, body }) => ({
        ...decoded<Body>(body),
        algorithm,
        sequence,
        kid,
      }))
    },
    async add({ algorithm, sequence, kid, publicJwk, privateJwk, createdAt }) {
      const body = document({ publicJwk, privateJwk, createdAt } satisfies Body)
      await put(
        sql`insert into signing_key (tenant_id, algorithm, sequence, kid, body)
          values (${tenant}, ${algorithm}, ${sequence}, ${kid}, ${body})`,
      )
    },
    async delete(algorithm, kid) {
      const removed = await change(
        sql`delete from signing_key where tenant_id = ${tenant} and algorithm = ${algorithm} and kid = ${kid}
          returning kid`,
      )
      return removed.length > 0
    },
  }
}
