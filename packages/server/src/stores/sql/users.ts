import type { ConnectionId, TenantId, UserId } from '../../domain/ids.ts'
import type { TenantStore } from '../../domain/store.ts'
import type { User } from '../../domain/user.ts'
import { access } from './access.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { sql } from './query.ts'
import { type Noun, rows } from './rows.ts'
import { rememberFamilies } from './tombstones.ts'

interface Row {
  readonly id: UserId
  readonly version: number
  readonly connection_id: ConnectionId
  readonly email: string | null
  readonly username: string | null
  readonly body: string
}

type Body = Omit<User, 'id' | 'version' | 'connectionId' | 'email' | 'username'>

/** The users of a tenant. Deleting one deletes the password, sessions, consents and refresh tokens. */
export function users(engine: Engine, tenant: TenantId): TenantStore['users'] {
  const noun: Noun<User, Row> = {
    what: 'user',
    table: sql`user_account`,
    columns: sql`id, version, connection_id, email, username, body`,
    scope: sql`tenant_id = ${tenant}`,
    insert: (user) => sql`(tenant_id, id, version, connection_id, email, username, body)
      values (${tenant}, ${user.id}, 1, ${user.connectionId}, ${user.email}, ${user.username}, ${encode(user)})`,
    assign: (user) => sql`connection_id = ${user.connectionId}, email = ${user.email},
      username = ${user.username}, body = ${encode(user)}`,
    decode,
  }
  const verbs = rows<UserId, User, Row>(engine, noun)
  return {
    ...verbs,
    create: (user) => verbs.create(inLowerCase(user)),
    update: (user) => verbs.update(inLowerCase(user)),
    async delete(id) {
      await access(engine, noun.what).change(rememberFamilies(sql`tenant_id = ${tenant} and user_id = ${id}`))
      return verbs.delete(id)
    },
    async findByIdentifier(connectionId, identifier) {
      const wanted = identifier.toLowerCase()
      // One user's name may look like another one's address; the address is what was verified.
      const [row] = await access(engine, noun.what).read<Row>(
        sql`select ${noun.columns} from user_account
          where ${noun.scope} and connection_id = ${connectionId} and (email = ${wanted} or username = ${wanted})
          order by case when email = ${wanted} then 0 else 1 end limit 1`,
      )
      return row && decode(row)
    },
  }
}

function inLowerCase(user: User): User {
  return {
    ...user,
    ...(user.email !== undefined && { email: user.email.toLowerCase() }),
    ...(user.username !== undefined && { username: user.username.toLowerCase() }),
  }
}

function decode({ id, version, connection_id: connectionId, email, username, body }: Row): User {
  return {
    ...decoded<Body>(body),
    id,
    version,
    connectionId,
    ...(email !== null && { email }),
    ...(username !== null && { username }),
  }
}

function encode(user: User) {
  const {
    id: _id,
    version: _version,
    connectionId: _connection,
    email: _email,
    username: _name,
    ...body
  } = user
  return document(body satisfies Body)
}
