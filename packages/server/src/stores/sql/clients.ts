import type { Client } from '../../domain/client.ts'
import type { ClientId, TenantId } from '../../domain/ids.ts'
import type { Rows } from '../../domain/store.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { sql } from './query.ts'
import { rows } from './rows.ts'

interface Row {
  readonly id: ClientId
  readonly version: number
  readonly body: string
}

type Body = Omit<Client, 'id' | 'version'>

/** The clients of a tenant. Deleting one deletes its client grants, consents and refresh tokens. */
export function clients(engine: Engine, tenant: TenantId): Rows<ClientId, Client> {
  return rows<ClientId, Client, Row>(engine, {
    what: 'client',
    table: sql`client`,
    columns: sql`id, version, body`,
    scope: sql`tenant_id = ${tenant}`,
    insert: (client) =>
      sql`(tenant_id, id, version, body, unused_until)
        values (${tenant}, ${client.id}, 1, ${encode(client)}, ${client.unusedUntil})`,
    assign: (client) => sql`body = ${encode(client)}, unused_until = ${client.unusedUntil}`,
    decode: ({ id, version, body }) => ({ ...decoded<Body>(body), id, version }),
  })
}

function encode({ id: _id, version: _version, ...body }: Client) {
  return document(body satisfies Body)
}
