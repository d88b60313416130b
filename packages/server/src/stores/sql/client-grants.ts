import type { ClientGrantId, ClientId, TenantId } from '../../domain/ids.ts'
import type { ClientGrant } from '../../domain/resource-server.ts'
import type { TenantStore } from '../../domain/store.ts'
import { access } from './access.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { sql } from './query.ts'
import { type Noun, rows } from './rows.ts'

interface Row {
  readonly id: ClientGrantId
  readonly version: number
  readonly client_id: ClientId
  readonly audience: string
  readonly subject_type: 'client' | 'user'
  readonly body: string
}

type Body = Omit<ClientGrant, 'id' | 'version' | 'clientId' | 'audience' | 'subjectType'>

/** What clients of a tenant may ask of its APIs. */
export function clientGrants(engine: Engine, tenant: TenantId): TenantStore['clientGrants'] {
  const noun: Noun<ClientGrant, Row> = {
    what: 'client grant',
    table: sql`client_grant`,
    columns: sql`id, version, client_id, audience, subject_type, body`,
    scope: sql`tenant_id = ${tenant}`,
    insert: (grant) => sql`(tenant_id, id, version, client_id, audience, subject_type, body)
      values (${tenant}, ${grant.id}, 1, ${grant.clientId}, ${grant.audience}, ${grant.subjectType}, ${encode(grant)})`,
    assign: (grant) => sql`client_id = ${grant.clientId}, audience = ${grant.audience},
      subject_type = ${grant.subjectType}, body = ${encode(grant)}`,
    decode,
  }
  return {
    ...rows<ClientGrantId, ClientGrant, Row>(engine, noun),
    async findFor(clientId, audience, subjectType) {
      const [row] = await access(engine, noun.what).read<Row>(
        sql`select ${noun.columns} from client_grant
          where ${noun.scope} and client_id = ${clientId} and audience = ${audience} and subject_type = ${subjectType}`,
      )
      return row && decode(row)
    },
  }
}

function decode({ id, version, client_id: clientId, audience, subject_type, body }: Row): ClientGrant {
  return { ...decoded<Body>(body), id, version, clientId, audience, subjectType: subject_type }
}

function encode({ scope, allowAllScopes, createdAt }: ClientGrant) {
  return document({ scope, allowAllScopes, createdAt } satisfies Body)
}
