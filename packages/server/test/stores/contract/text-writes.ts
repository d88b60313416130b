import { randomUUID } from 'node:crypto'
import { artifactKind } from '../../../src/domain/artifact.ts'
import { hashed } from '../../../src/domain/secrets.ts'
import type { TenantStore } from '../../../src/domain/store.ts'
import {
  aClient,
  aClientGrant,
  aConnection,
  aConsent,
  aGivenAccess,
  aRefreshToken,
  aResourceServer,
  aRole,
  aSession,
  aSigningKey,
  aUser,
  id,
  NOW,
} from '../nouns.ts'

/** A position that takes text. `member` lies in a document, `folded` is kept in lower case. */
export interface TextWrite {
  readonly name: string
  readonly kind: 'column' | 'folded' | 'member'
  /** Writes the text and answers what is read of it, removing what would stand in the way of the next one. */
  write(tenant: TenantStore, text: string): Promise<string | undefined>
}

const kind = artifactKind<string>('code')

/** Every position that takes text. */
export const textWrites: readonly TextWrite[] = [
  {
    name: 'client id',
    kind: 'column',
    async write({ clients }, text) {
      await clients.delete(id(text))
      await clients.create(aClient({ id: id(text) }))
      return (await clients.find(id(text)))?.id
    },
  },
  {
    name: 'client name',
    kind: 'member',
    async write({ clients }, text) {
      const client = await clients.create(aClient({ id: id(randomUUID()), name: text }))
      return (await clients.find(client.id))?.name
    },
  },
  {
    name: 'identifier of an API',
    kind: 'column',
    async write({ resourceServers }, text) {
      const known = await resourceServers.findByIdentifier(text)
      if (known) await resourceServers.delete(known.id)
      await resourceServers.create(aResourceServer({ id: id(randomUUID()), identifier: text }))
      return (await resourceServers.findByIdentifier(text))?.identifier
    },
  },
  {
    name: 'audience of a client grant',
    kind: 'column',
    async write({ clientGrants }, text) {
      const grant = aClientGrant({ audience: text })
      await clientGrants.delete(grant.id)
      await clientGrants.create(grant)
      return (await clientGrants.findFor(grant.clientId, text, 'client'))?.audience
    },
  },
  {
    name: 'connection name',
    kind: 'column',
    async write({ connections }, text) {
      const connection = aConnection({ id: id('renamed'), name: text })
      await connections.delete(connection.id)
      await connections.create(connection)
      return (await connections.findByName(text))?.name
    },
  },
  {
    name: 'role name',
    kind: 'column',
    async write({ roles }, text) {
      const role = aRole({ id: id('named'), name: text })
      await roles.delete(role.id)
      await roles.create(role)
      return (await roles.findByName(text))?.name
    },
  },
  {
    name: 'e-mail address',
    kind: 'folded',
    async write({ users }, text) {
      const user = aUser({ id: id('a'), email: text })
      await users.delete(user.id)
      await users.create(user)
      return (await users.findByIdentifier(user.connectionId, text))?.email
    },
  },
  {
    name: 'user name, changed',
    kind: 'folded',
    async write({ users }, text) {
      const user = aUser({ id: id('a') })
      await users.delete(user.id)
      await users.update({ ...(await users.create(user)), username: text })
      return (await users.findByIdentifier(user.connectionId, text))?.username
    },
  },
  {
    name: 'user metadata',
    kind: 'member',
    async write({ users }, text) {
      const user = await users.create(
        aUser({ id: id(randomUUID()), userMetadata: { [text.slice(0, 99)]: text } }),
      )
      const found = (await users.find(user.id))?.userMetadata[text.slice(0, 99)]
      return typeof found === 'string' ? found : undefined
    },
  },
  {
    name: 'session id',
    kind: 'column',
    async write({ sessions }, text) {
      const session = aSession({ id: id(text), hash: hashed('cookie') })
      await sessions.delete(session.id)
      await sessions.create(session)
      const found = (await sessions.find(session.hash, NOW))?.id
      await sessions.delete(session.id)
      return found
    },
  },
  {
    name: 'audience of a consent',
    kind: 'column',
    async write({ consents }, text) {
      const consent = aConsent({ audience: text })
      await consents.save(consent)
      return (await consents.find(consent.userId, consent.clientId, text))?.audience
    },
  },
  {
    name: 'audience of given access',
    kind: 'member',
    async write({ givenAccess }, text) {
      const access = aGivenAccess({ audience: text })
      await givenAccess.deleteFor(access.userId, access.clientId)
      await givenAccess.note(access)
      return (await givenAccess.list(access.userId, { limit: 1 }, NOW)).items[0]?.audience
    },
  },
  {
    name: 'audience of a refresh token',
    kind: 'member',
    async write({ refreshTokens }, text) {
      const token = aRefreshToken({ selector: id(randomUUID()), audience: text })
      await refreshTokens.create(token)
      return (await refreshTokens.find(token.selector, NOW))?.audience
    },
  },
  {
    name: 'grant of a refresh token',
    kind: 'column',
    async write({ refreshTokens }, text) {
      const token = aRefreshToken({ selector: id(randomUUID()), grantId: id(text) })
      await refreshTokens.create(token)
      return (await refreshTokens.find(token.selector, NOW))?.grantId
    },
  },
  {
    name: 'successor of a refresh token',
    kind: 'column',
    async write({ refreshTokens }, text) {
      const token = aRefreshToken({ selector: id(randomUUID()) })
      await refreshTokens.create(token)
      const { selector, current: presented } = token
      const rotation = { selector, presented, now: NOW, leewaySeconds: 0, idleExpiresAt: undefined }
      await refreshTokens.rotate({ ...rotation, successor: id(text) })
      return (await refreshTokens.find(selector, NOW))?.current
    },
  },
  {
    name: 'revoked grant',
    kind: 'column',
    async write({ grants }, text) {
      await grants.revoke(id(text), NOW)
      return (await grants.isRevoked(id(text))) ? text : undefined
    },
  },
  {
    name: 'key id',
    kind: 'column',
    async write({ signingKeys }, text) {
      await signingKeys.delete('RS256', text)
      await signingKeys.add(aSigningKey({ kid: text }))
      const [key] = await signingKeys.list()
      await signingKeys.delete('RS256', text)
      return key?.kid
    },
  },
  {
    name: 'artifact hash',
    kind: 'column',
    async write({ artifacts }, text) {
      await artifacts.take(kind, id(text), NOW)
      await artifacts.put(kind, id(text), { body: 'found', expiresAt: NOW + 1 }, NOW)
      return (await artifacts.peek(kind, id(text), NOW)) === 'found' ? text : undefined
    },
  },
  {
    name: 'artifact body',
    kind: 'member',
    async write({ artifacts }, text) {
      const hash = hashed(randomUUID())
      await artifacts.put(kind, hash, { body: text, expiresAt: NOW + 1 }, NOW)
      return artifacts.take(kind, hash, NOW)
    },
  },
  {
    name: 'counter key',
    kind: 'column',
    async write({ counters }, text) {
      await counters.reset(text)
      return (await counters.hit(text, 60, NOW)) === 1 ? text : undefined
    },
  },
]
