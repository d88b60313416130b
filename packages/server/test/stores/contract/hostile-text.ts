import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { artifactKind } from '../../../src/domain/artifact.ts'
import { type Page, StoreInvalid, type TenantStore } from '../../../src/domain/store.ts'
import { aClient, aSession, aUser, id, NOW } from '../nouns.ts'
import { aRotation } from './refresh-tokens.ts'
import type { Given } from './scene.ts'
import { textWrites } from './text-writes.ts'

const MEGABYTE = 1024 * 1024
const pieces = [
  '\0',
  '\ud800',
  '\udfff',
  "'",
  '"',
  '`',
  '\\',
  '%',
  '_',
  '?',
  '$1',
  ';--',
  '\n',
  '\u202e',
  'שלום',
  '😀',
  'e\u0301',
]
const giants = ['a', '\0', '😀', '\ud800'].map((text) => text.repeat(MEGABYTE / text.length))
const texts = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 8 }).map(join),
  },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('a', 'ü', '€', '😀'), fc.integer({ min: 140, max: 610 })).map(repeat),
  },
  { weight: 1, arbitrary: fc.constantFrom(...giants) },
)

/** Every look-up by text; what nobody stored is absent to each. */
const lookUps: Readonly<Record<string, (tenant: TenantStore, text: string) => Promise<unknown>>> = {
  'clients.find': (t, text) => t.clients.find(id(text)),
  'clients.delete': (t, text) => t.clients.delete(id(text)),
  'clients.update': (t, text) => t.clients.update(aClient({ id: id(text) })).then(kindOf, undefinedIfInvalid),
  'clients.list': (t, text) => t.clients.list({ limit: 1, after: `client${text}` }).then(itemsOf),
  'resourceServers.find': (t, text) => t.resourceServers.find(id(text)),
  'resourceServers.findByIdentifier': (t, text) => t.resourceServers.findByIdentifier(text),
  'clientGrants.findFor client': (t, text) => t.clientGrants.findFor(id(text), 'urn:api', 'client'),
  'clientGrants.findFor audience': (t, text) => t.clientGrants.findFor(id('client'), text, 'client'),
  'connections.find': (t, text) => t.connections.find(id(text)),
  'connections.findByName': (t, text) => t.connections.findByName(text),
  'users.find': (t, text) => t.users.find(id(text)),
  'users.findByIdentifier': (t, text) => t.users.findByIdentifier(id('connection'), text),
  'users.findByIdentifier connection': (t, text) => t.users.findByIdentifier(id(text), aUser().email ?? ''),
  'roles.findByName': (t, text) => t.roles.findByName(text),
  'roles.ofUser': (t, text) => t.roles.ofUser(id(text)).then((roles) => roles[0]),
  'roles.usersOf': (t, text) => t.roles.usersOf(id(text), { limit: 1 }).then(itemsOf),
  'roles.unassign': (t, text) => t.roles.unassign(id('auth0|user'), id(text)),
  'passwords.find': (t, text) => t.passwords.find(id(text)),
  'sessions.find': (t, text) => t.sessions.find(id(text), NOW),
  'sessions.touch': (t, text) => t.sessions.touch(id(text), NOW),
  'sessions.delete': (t, text) => t.sessions.delete(id(text)),
  'sessions.join': (t, text) => t.sessions.join(id(text), id('client')),
  'sessions.clientsOf': (t, text) => t.sessions.clientsOf(id(text)).then((clients) => clients.length),
  'consents.find user': (t, text) => t.consents.find(id(text), id('client'), ''),
  'consents.find client': (t, text) => t.consents.find(id('auth0|user'), id(text), ''),
  'consents.find audience': (t, text) => t.consents.find(id('auth0|user'), id('client'), text),
  'consents.list': (t, text) => t.consents.list(id(text), { limit: 1 }).then(itemsOf),
  'consents.list after': (t, text) =>
    t.consents.list(id('auth0|user'), { limit: 1, after: text }).then(itemsOf),
  'consents.delete': (t, text) => t.consents.delete(id('auth0|user'), id(text), text),
  'refreshTokens.find': (t, text) => t.refreshTokens.find(id(text), NOW),
  'refreshTokens.use': (t, text) => t.refreshTokens.use(id(text), id(text), NOW, NOW + 1),
  'refreshTokens.rotate': (t, text) => t.refreshTokens.rotate(aRotation({ selector: id(text) })).then(kindOf),
  'refreshTokens.list': (t, text) => t.refreshTokens.list(id(text), { limit: 1 }, NOW).then(itemsOf),
  'refreshTokens.deleteFor': (t, text) => t.refreshTokens.deleteFor(id(text), id(text)),
  'grants.isRevoked': (t, text) => t.grants.isRevoked(id(text)),
  'grants.isRevoked token': (t, text) => t.grants.isRevoked(id('grant'), { tokenId: id(text) }),
  'signingKeys.delete': (t, text) => t.signingKeys.delete('RS256', text),
  'artifacts.peek': (t, text) => t.artifacts.peek(artifactKind('code'), id(text), NOW),
  'artifacts.peek kind': (t, text) => t.artifacts.peek(artifactKind(text), id('hash'), NOW),
  'artifacts.list kind': (t, text) => t.artifacts.list(artifactKind(text), { limit: 1 }, NOW).then(itemsOf),
  'artifacts.list after': (t, text) =>
    t.artifacts.list(artifactKind('code'), { limit: 1, after: text }, NOW).then(itemsOf),
  'artifacts.take': (t, text) => t.artifacts.take(artifactKind('code'), id(text), NOW),
  'artifacts.replace': (t, text) =>
    t.artifacts.replace(artifactKind('code'), id(text), text.slice(0, 99), NOW),
  'artifacts.redeem': (t, text) => t.artifacts.redeem(artifactKind('code'), id(text), NOW).then(kindOf),
  'counters.read': (t, text) => t.counters.read(text, NOW),
  'counters.giveBack': (t, text) => t.counters.giveBack(text, NOW),
  'counters.reset': (t, text) => t.counters.reset(text),
}

/** Text of any kind in every position: read as absent, or stored and found again, or refused as StoreInvalid. */
export function hostileTextContract(given: Given): void {
  describe('hostile text', () => {
    test('every look-up answers absent', async () => {
      const { tenant } = await given.scene()
      await tenant.sessions.create(aSession())
      const missing = [undefined, false, 0, 'missing']
      await fc.assert(
        fc.asyncProperty(texts.filter(isUnused), async (text) => {
          for (const [name, lookUp] of Object.entries(lookUps)) {
            const answer = await lookUp(tenant, text)
            assert.ok(
              missing.some((value) => value === answer),
              `${name} answered ${JSON.stringify(answer)}`,
            )
          }
        }),
        { numRuns: 60 },
      )
    })

    test('a tenant id of any text finds nothing', async () => {
      await fc.assert(
        fc.asyncProperty(texts, async (text) => {
          assert.equal(await given.store.tenants.find(id(text)), undefined)
          assert.equal(await given.store.forTenant(id(text)).clients.find(id('client')), undefined)
        }),
        { numRuns: 60 },
      )
    })

    for (const { name, kind, write } of textWrites) {
      test(`${name}: what is written is read again, or refused as StoreInvalid`, async () => {
        const { tenant } = await given.scene()
        await fc.assert(
          fc.asyncProperty(texts, async (text) => {
            const read = await write(tenant, text).catch(invalid)
            const isStorable = kind === 'member' ? fitsDocument(text) : fitsColumn(text)
            assert.equal(read, isStorable ? (kind === 'folded' ? text.toLowerCase() : text) : invalid)
          }),
          { numRuns: 40 },
        )
      })
    }
  })
}

/** Stands for a refusal; anything but StoreInvalid goes on. */
function invalid(error: unknown) {
  if (error instanceof StoreInvalid) return invalid
  throw error
}

function undefinedIfInvalid(error: unknown): undefined {
  invalid(error)
}

function fitsColumn(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0') && Buffer.byteLength(text) <= 600
}

function fitsDocument(text: string): boolean {
  return JSON.stringify(text).length < 3 * MEGABYTE
}

function isUnused(text: string): boolean {
  return !['client', 'connection', 'auth0|user', 'session'].includes(text)
}

function itemsOf(page: Page<unknown>): number {
  return page.items.length
}

function kindOf(answer: { readonly kind: string }): string {
  return answer.kind
}

function join(parts: readonly string[]): string {
  return parts.join('')
}

function repeat([text, count]: readonly [string, number]): string {
  return text.repeat(count)
}
