import type { ConnectionId, TenantId } from '../../domain/ids.ts'
import type { TenantStore } from '../../domain/store.ts'
import type { Connection } from '../../domain/user.ts'
import { access } from './access.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { sql } from './query.ts'
import { type Noun, rows } from './rows.ts'
import { rememberFamilies } from './tombstones.ts'

interface Row {
  readonly id: ConnectionId
  readonly version: number
  readonly name: string
  readonly body: string
}

type Body = Omit<Connection, 'id' | 'version' | 'name'>

/** The connections of a tenant. Deleting one deletes its users. */
export function connections(engine: Engine, tenant: TenantId): TenantStore['connections'] {
  const noun: Noun<Connection, Row> = {
    what: 'connection',
    table: sql`connection`,
    columns: sql`id, version, name, body`,
    scope: sql`tenant_id = ${tenant}`,
    insert: (connection) => sql`(tenant_id, id, version, name, body)
      values (${tenant}, ${connection.id}, 1, ${connection.name}, ${encode(connection)})`,
    assign: (connection) => sql`name = ${connection.name}, body = ${encode(connection)}`,
    decode: ({ id, version, name, body }) => ({ ...decoded<Body>(body), id, version, name }),
  }
  const verbs = rows<ConnectionId, Connection, Row>(engine, noun)
  return {
    ...verbs,
    async delete(id) {
      await access(engine, noun.what).change(
        rememberFamilies(sql`tenant_id = ${tenant} and user_id in
          (select id from user_account where tenant_id = ${tenant} and connection_id = ${id})`),
      )
      return verbs.delete(id)
    },
    async findByName(name) {
      const [row] = await access(engine, noun.what).read<Row>(
        sql`select ${noun.columns} from connection where ${noun.scope} and name = ${name}`,
      )
      return row && noun.decode(row)
    },
  }
}

function encode({ id: _id, version: _version, name: _name, ...body }: Connection) {
  return document(body satisfies Body)
}
