import type { Client } from '../../domain/client.ts'
import type { ClientGrant, ResourceServer } from '../../domain/resource-server.ts'
import type { SigningKey } from '../../domain/signing-key.ts'
import type { Tenant } from '../../domain/tenant.ts'
import type { Connection } from '../../domain/user.ts'
import { ReadThrough } from './read-through.ts'

/** What is remembered of one tenant. Dropped as a whole: a read that began before a change can only fill the old one. */
export class Remembered {
  readonly tenant = new ReadThrough<Tenant | undefined>()
  readonly clients = new ReadThrough<Client | undefined>()
  readonly resourceServers = new ReadThrough<ResourceServer | undefined>()
  readonly clientGrants = new ReadThrough<ClientGrant | undefined>()
  readonly connections = new ReadThrough<Connection | undefined>()
  readonly signingKeys = new ReadThrough<readonly SigningKey[]>()
}
