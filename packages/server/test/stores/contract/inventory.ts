import { artifactKind } from '../../../src/domain/artifact.ts'
import type { TenantStore } from '../../../src/domain/store.ts'
import {
  aClient,
  aClientGrant,
  aConnection,
  aConsent,
  aPassword,
  aRefreshToken,
  aResourceServer,
  aRole,
  aSession,
  aSigningKey,
  aUser,
  id,
  NOW,
} from '../nouns.ts'

const code = artifactKind<string>('code')

/** Adds one of every noun to a scene. */
export async function fill(tenant: TenantStore): Promise<void> {
  await tenant.resourceServers.create(aResourceServer())
  await tenant.clientGrants.create(aClientGrant())
  await tenant.roles.create(aRole())
  await tenant.roles.assign(aUser().id, aRole().id)
  await tenant.passwords.save(aPassword())
  await tenant.sessions.create(aSession())
  await tenant.sessions.join(aSession().id, aClient().id)
  await tenant.consents.save(aConsent())
  await tenant.refreshTokens.create(aRefreshToken())
  await tenant.grants.revoke(id('revoked'), NOW + 1000)
  await tenant.grants.revokeGiven(id('bond'), NOW, NOW + 1000)
  await tenant.signingKeys.add(aSigningKey())
  await tenant.artifacts.put(code, id('artifact'), { body: 'body', expiresAt: NOW + 1000 }, NOW)
  await tenant.counters.hit('counter', 1000, NOW)
}

/** Reads one of every noun, through every verb that reads. */
export async function inventory(tenant: TenantStore) {
  const userId = aUser().id
  const clientId = aClient().id
  const page = { limit: 10 }
  return {
    client: await tenant.clients.find(clientId),
    clients: (await tenant.clients.list(page)).items.length,
    resourceServer: await tenant.resourceServers.find(aResourceServer().id),
    resourceServerByIdentifier: await tenant.resourceServers.findByIdentifier(aResourceServer().identifier),
    resourceServers: (await tenant.resourceServers.list(page)).items.length,
    clientGrant: await tenant.clientGrants.find(aClientGrant().id),
    clientGrantFor: await tenant.clientGrants.findFor(clientId, aClientGrant().audience, 'client'),
    clientGrants: (await tenant.clientGrants.list(page)).items.length,
    connection: await tenant.connections.find(aConnection().id),
    connectionByName: await tenant.connections.findByName(aConnection().name),
    connections: (await tenant.connections.list(page)).items.length,
    user: await tenant.users.find(userId),
    userByName: await tenant.users.findByIdentifier(aConnection().id, aUser().email ?? ''),
    users: (await tenant.users.list(page)).items.length,
    role: await tenant.roles.find(aRole().id),
    roleByName: await tenant.roles.findByName(aRole().name),
    roles: (await tenant.roles.list(page)).items.length,
    rolesOfUser: await tenant.roles.ofUser(userId),
    usersOfRole: (await tenant.roles.usersOf(aRole().id, page)).items.length,
    password: await tenant.passwords.find(userId),
    session: await tenant.sessions.find(aSession().hash, NOW),
    clientsOfSession: await tenant.sessions.clientsOf(aSession().id),
    consent: await tenant.consents.find(userId, clientId, aConsent().audience),
    consents: (await tenant.consents.list(userId, page)).items.length,
    refreshToken: await tenant.refreshTokens.find(aRefreshToken().selector, NOW),
    refreshTokens: (await tenant.refreshTokens.list(userId, page, NOW)).items.length,
    isRevoked: await tenant.grants.isRevoked(id('revoked')),
    areRevoked: await tenant.grants.isRevoked(id('any'), { bond: id('bond'), givenAt: NOW }),
    signingKeys: await tenant.signingKeys.list(),
    artifact: await tenant.artifacts.peek(code, id('artifact'), NOW),
    artifacts: (await tenant.artifacts.list(code, page, NOW)).items.length,
    hits: await tenant.counters.read('counter', NOW),
  }
}
