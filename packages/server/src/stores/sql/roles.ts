import type { RoleId, TenantId, UserId } from '../../domain/ids.ts'
import type { Role } from '../../domain/role.ts'
import type { TenantStore } from '../../domain/store.ts'
import { access } from './access.ts'
import { decoded, document } from './document.ts'
import type { Engine } from './engine.ts'
import { pageOf, rowsToRead } from './page.ts'
import { sql } from './query.ts'
import { type Noun, rows } from './rows.ts'

interface Row {
  readonly id: RoleId
  readonly version: number
  readonly name: string
  readonly body: string
}

type Body = Omit<Role, 'id' | 'version' | 'name'>

/** The roles of a tenant, and which users have them. Deleting a role or a user takes it from them. */
export function roles(engine: Engine, tenant: TenantId): TenantStore['roles'] {
  const noun: Noun<Role, Row> = {
    what: 'role',
    table: sql`role`,
    columns: sql`id, version, name, body`,
    scope: sql`tenant_id = ${tenant}`,
    insert: (role) => sql`(tenant_id, id, version, name, body)
      values (${tenant}, ${role.id}, 1, ${role.name}, ${encode(role)})`,
    assign: (role) => sql`name = ${role.name}, body = ${encode(role)}`,
    decode,
  }
  const { read, change, put } = access(engine, noun.what)
  return {
    ...rows<RoleId, Role, Row>(engine, noun),
    async findByName(name) {
      const [row] = await read<Row>(
        sql`select ${noun.columns} from role where ${noun.scope} and name = ${name}`,
      )
      return row && decode(row)
    },
    async ofUser(userId) {
      const found = await read<Row>(
        sql`select ${noun.columns} from role
          where ${noun.scope} and id in
            (select role_id from user_role where tenant_id = ${tenant} and user_id = ${userId})
          order by id`,
      )
      return found.map(decode)
    },
    async usersOf(roleId, page) {
      const found = await read<{ readonly user_id: UserId }>(
        sql`select user_id from user_role
          where tenant_id = ${tenant} and role_id = ${roleId} and user_id > ${page.after ?? ''}
          order by user_id limit ${rowsToRead(page)}`,
      )
      const ids = found.map(({ user_id }) => user_id)
      return pageOf(ids, page, (id) => id)
    },
    async assign(userId, roleId) {
      await put(
        sql`insert into user_role (tenant_id, user_id, role_id) values (${tenant}, ${userId}, ${roleId})
          on conflict (tenant_id, user_id, role_id) do nothing`,
      )
    },
    async unassign(userId, roleId) {
      const removed = await change(
        sql`delete from user_role
          where tenant_id = ${tenant} and user_id = ${userId} and role_id = ${roleId} returning role_id`,
      )
      return removed.length > 0
    },
  }
}

function decode({ id, version, name, body }: Row): Role {
  return { ...decoded<Body>(body), id, version, name }
}

function encode({ description, permissions, createdAt, updatedAt }: Role) {
  return document({ description, permissions, createdAt, updatedAt } satisfies Body)
}
