import { randomUUID } from 'node:crypto'
import type { Branded } from '../../../src/domain/ids.ts'
import type { Page, PageRequest, Rows, TenantStore, Updated } from '../../../src/domain/store.ts'
import { aClient, aClientGrant, aConnection, aResourceServer, aRole, aTenant, aUser, id } from '../nouns.ts'
import type { Given } from './scene.ts'

type AnyId = Branded<string>
export interface AnyNoun {
  readonly id: AnyId
  readonly version: number
}

/** `Rows` of some noun: the tests know no more of it than that it has an id and a version. */
export interface AnyRows {
  create(noun: AnyNoun): Promise<AnyNoun>
  find(id: AnyId): Promise<AnyNoun | undefined>
  list(page: PageRequest): Promise<Page<AnyNoun>>
  update(noun: AnyNoun): Promise<Updated<AnyNoun>>
  delete(id: AnyId): Promise<boolean>
}

export interface EditableNoun {
  /** Its name in errors. */
  readonly name: string
  /** The rows of a new tenant; ids begin with `prefix`, which keeps the tests apart where nothing else does. */
  open(given: Given): Promise<{ readonly rows: AnyRows; readonly prefix: string }>
  build(id: string): AnyNoun
  changed(noun: AnyNoun): AnyNoun
}

/** Every noun that has `Rows`. */
export const editableNouns: readonly EditableNoun[] = [
  {
    name: 'tenant',
    open: async ({ store }) => ({ rows: ofAny(store.tenants), prefix: `${randomUUID()} ` }),
    build: (text) => aTenant({ id: id(text) }),
    changed: (noun) => ({ ...noun, ...aTenant({ ...noun, id: id(noun.id), createdAt: 1 }) }),
  },
  inTenant('client', (tenant) => tenant.clients, aClient, { name: 'Renamed', description: 'Changed' }),
  inTenant('resource server', (tenant) => tenant.resourceServers, aResourceServer, {
    identifier: 'urn:changed',
    allowOfflineAccess: false,
  }),
  inTenant('client grant', (tenant) => tenant.clientGrants, aClientGrant, {
    audience: 'urn:changed',
    subjectType: 'user',
  }),
  inTenant('connection', (tenant) => tenant.connections, aConnection, {
    name: 'changed',
    enabledClients: [],
  }),
  inTenant('role', (tenant) => tenant.roles, aRole, { name: 'Changed', permissions: [] }),
  inTenant('user', (tenant) => tenant.users, aUser, {
    email: 'changed@mail.example',
    username: 'changed',
    blocked: true,
  }),
]

function inTenant<Id extends AnyId, Noun extends { readonly id: Id; readonly version: number }>(
  name: string,
  select: (tenant: TenantStore) => Rows<Id, Noun>,
  builder: (given: Partial<Noun>) => Noun,
  change: Partial<Noun>,
): EditableNoun {
  return {
    name,
    open: async (given) => ({ rows: ofAny(select((await given.scene()).tenant)), prefix: '' }),
    // A partial of a generic noun is not seen to have the id that every noun has.
    build: (text) => builder({ id: text } as Partial<Noun>),
    changed: (noun) => ({ ...noun, ...change }),
  }
}

// The tests only hand back to these rows what they got from the noun's own builder.
function ofAny(rows: unknown): AnyRows {
  return rows as AnyRows
}
