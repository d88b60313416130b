import type { TenantId } from '../../domain/ids.ts'
import type { Rows } from '../../domain/store.ts'
import type { Tenant } from '../../domain/tenant.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { sql } from './query.ts'
import { rows } from './rows.ts'

interface Row {
  readonly id: TenantId
  readonly version: number
  readonly body: string
}

type Body = Omit<Tenant, 'id' | 'version'>

/** The tenants themselves: the only rows outside a tenant. */
export function tenants(engine: Engine): Rows<TenantId, Tenant> {
  return rows<TenantId, Tenant, Row>(engine, {
    what: 'tenant',
    table: sql`tenant`,
    columns: sql`id, version, body`,
    scope: sql`true`,
    insert: (tenant) => sql`(id, version, body) values (${tenant.id}, 1, ${encode(tenant)})`,
    assign: (tenant) => sql`body = ${encode(tenant)}`,
    decode: ({ id, version, body }) => ({ ...decoded<Body>(body), id, version }),
  })
}

function encode({ id: _id, version: _version, ...body }: Tenant) {
  return document(body satisfies Body)
}
