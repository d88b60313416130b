import type { ResourceServerId, TenantId } from '../../domain/ids.ts'
import type { ResourceServer } from '../../domain/resource-server.ts'
import type { TenantStore } from '../../domain/store.ts'
import { access } from './access.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { sql } from './query.ts'
import { type Noun, rows } from './rows.ts'

interface Row {
  readonly id: ResourceServerId
  readonly version: number
  readonly identifier: string
  readonly body: string
}

type Body = Omit<ResourceServer, 'id' | 'version' | 'identifier'>

/** The APIs of a tenant. */
export function resourceServers(engine: Engine, tenant: TenantId): TenantStore['resourceServers'] {
  const noun: Noun<ResourceServer, Row> = {
    what: 'resource server',
    table: sql`resource_server`,
    columns: sql`id, version, identifier, body`,
    scope: sql`tenant_id = ${tenant}`,
    insert: (server) => sql`(tenant_id, id, version, identifier, body)
      values (${tenant}, ${server.id}, 1, ${server.identifier}, ${encode(server)})`,
    assign: (server) => sql`identifier = ${server.identifier}, body = ${encode(server)}`,
    decode: ({ id, version, identifier, body }) => ({ ...decoded<Body>(body), id, version, identifier }),
  }
  return {
    ...rows<ResourceServerId, ResourceServer, Row>(engine, noun),
    async findByIdentifier(identifier) {
      const [row] = await access(engine, noun.what).read<Row>(
        sql`select ${noun.columns} from resource_server where ${noun.scope} and identifier = ${identifier}`,
      )
      return row && noun.decode(row)
    },
  }
}

function encode({ id: _id, version: _version, identifier: _identifier, ...body }: ResourceServer) {
  return document(body satisfies Body)
}
