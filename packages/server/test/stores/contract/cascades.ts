import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { aClient, aConnection, aRole, aTenant, aUser } from '../nouns.ts'
import { fill, inventory } from './inventory.ts'
import type { Given, Scene } from './scene.ts'

const ofClient = ['client', 'clients', 'clientGrant', 'clientGrantFor', 'clientGrants']
const ofUser = ['user', 'userByName', 'users', 'password', 'session']
const ofBoth = ['clientsOfSession', 'consent', 'consents', 'givenAccess', 'refreshToken', 'refreshTokens']
const ofRole = ['role', 'roleByName', 'roles']
const ofUserAndRole = ['rolesOfUser', 'usersOfRole']
const ofConnection = ['connection', 'connectionByName', 'connections']

/** What goes with what is deleted, in the same statement. */
export function cascadesContract(given: Given): void {
  describe('cascades', () => {
    test('nothing is missing before', async () => {
      assert.deepEqual(await missing(await filled(given)), [])
    })

    test('deleting a client deletes its client grants, consents, given access and refresh tokens', async () => {
      const scene = await filled(given)
      assert.equal(await scene.tenant.clients.delete(aClient().id), true)
      assert.deepEqual(await missing(scene), [...ofClient, ...ofBoth])
    })

    test('deleting a user deletes password, sessions, consents, given access and refresh tokens', async () => {
      const scene = await filled(given)
      assert.equal(await scene.tenant.users.delete(aUser().id), true)
      assert.deepEqual(await missing(scene), inOrder([...ofUser, ...ofUserAndRole, ...ofBoth]))
    })

    test('deleting a connection deletes its users with all that is theirs', async () => {
      const scene = await filled(given)
      assert.equal(await scene.tenant.connections.delete(aConnection().id), true)
      assert.deepEqual(
        await missing(scene),
        inOrder([...ofConnection, ...ofUser, ...ofUserAndRole, ...ofBoth]),
      )
    })

    test('deleting a role takes it from its users', async () => {
      const scene = await filled(given)
      assert.equal(await scene.tenant.roles.delete(aRole().id), true)
      assert.deepEqual(await missing(scene), [...ofRole, ...ofUserAndRole])
    })

    test('deleting a tenant deletes everything in it, and its id begins anew', async () => {
      const scene = await filled(given)
      const everything = Object.keys(await inventory(scene.tenant))
      assert.equal(await given.store.tenants.delete(scene.tenantId), true)
      assert.deepEqual(await missing(scene), everything)
      await given.store.tenants.create(aTenant({ id: scene.tenantId }))
      assert.deepEqual(await missing(scene), everything)
    })
  })
}

async function filled(given: Given): Promise<Scene> {
  const scene = await given.scene()
  await fill(scene.tenant)
  return scene
}

async function missing({ tenant }: Scene): Promise<string[]> {
  const found = Object.entries(await inventory(tenant))
  return found
    .filter(([, value]) => (Array.isArray(value) ? value.length === 0 : !value))
    .map(([name]) => name)
}

/** As the inventory lists them. */
function inOrder(names: readonly string[]): readonly string[] {
  const roles = names.filter((name) => ofUserAndRole.includes(name))
  const others = names.filter((name) => !ofUserAndRole.includes(name))
  const before = others.indexOf('password')
  return [...others.slice(0, before), ...roles, ...others.slice(before)]
}
