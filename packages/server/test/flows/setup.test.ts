import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issueSetupLink } from '../../src/accounts/setup.ts'
import { isWeak } from '../../src/accounts/weak-password.ts'
import type { TenantId } from '../../src/domain/ids.ts'
import type { Store } from '../../src/domain/store.ts'
import type { TenantCall } from '../../src/domain/tenant-call.ts'
import type { Shown, TestServer } from '../../src/testkit/testkit.ts'
import { onEveryEngine } from './engines.ts'

const password = 'Difference-Engine-1822'

async function callOf({ store, issuer, now }: TestServer): Promise<TenantCall> {
  const tenant = await store.tenants.find('main' as TenantId)
  assert.ok(tenant)
  const bytes = (length: number) => crypto.getRandomValues(new Uint8Array(length))
  const ports = { random: { bytes } } as unknown as TenantCall['ports']
  return { tenant, issuer, store: store.forTenant(tenant.id), ports, now: now() }
}

/** Undoes a set-up, so that the next test has one to make. */
async function withoutAdministrator(store: Store): Promise<void> {
  const tenant = await store.tenants.find('main' as TenantId)
  assert.ok(tenant)
  const rows = store.forTenant(tenant.id)
  const { items } = await rows.users.list({ limit: 1000 })
  for (const { id } of items) await rows.users.delete(id)
  await store.tenants.update({ ...tenant, settings: { ...tenant.settings, administrators: [] } })
}

async function linkOf(server: TestServer): Promise<string> {
  return (await issueSetupLink(await callOf(server))) ?? assert.fail('there is an administrator')
}

/** Opens the link and answers what submits its form. */
async function opened(
  server: TestServer,
  link: string,
): Promise<(email: string, chosen?: string) => Promise<Shown>> {
  const browser = server.browser()
  const page = await browser.open(link)
  return (email, chosen = password) =>
    browser.submit(page, { username: email, password: chosen, password_again: chosen })
}

async function administrators({ store }: TestServer) {
  const tenant = await store.tenants.find('main' as TenantId)
  return tenant?.settings.administrators ?? []
}

onEveryEngine((running) => {
  test('of 20 who use one link at once, one becomes the administrator and nobody else leaves an account', async () => {
    const server = running()
    await withoutAdministrator(server.store)
    const link = await linkOf(server)
    const forms = await Promise.all(Array.from({ length: 20 }, () => opened(server, link)))
    const answers = await Promise.all(forms.map((submit, index) => submit(`admin${index}@example.com`)))
    assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    assert.equal(answers.filter(({ status }) => status === 400).length, 19)
    const { items } = await server.store.forTenant('main' as TenantId).users.list({ limit: 100 })
    assert.deepEqual(
      items.map(({ id }) => id),
      await administrators(server),
    )
  })

  test('a user who is there keeps the password when another one was quicker', async () => {
    const server = running()
    await withoutAdministrator(server.store)
    const ada = await server.aUser({ email: 'ada@example.com' })
    const link = await linkOf(server)
    const [first, second] = [await opened(server, link), await opened(server, link)]
    assert.equal((await first('quick@example.com')).status, 200)
    const passwords = server.store.forTenant('main' as TenantId).passwords
    const before = await passwords.find(ada.id)
    assert.equal((await second('ada@example.com')).status, 400)
    assert.deepEqual(await passwords.find(ada.id), before)
  })

  test('a change of the tenant at the same time costs neither the link nor the administrator', async () => {
    const server = running()
    await withoutAdministrator(server.store)
    const submit = await opened(server, await linkOf(server))
    const change = async (index: number) => {
      const tenant = await server.store.tenants.find('main' as TenantId)
      assert.ok(tenant)
      const settings = { ...tenant.settings, friendlyName: `Name ${index}` }
      await server.store.tenants.update({ ...tenant, settings })
    }
    const [answer] = await Promise.all([submit('busy@example.com'), change(1), change(2), change(3)])
    assert.equal(answer.status, 200)
    assert.equal((await administrators(server)).length, 1)
  })

  test('a new link ends the one before it', async () => {
    const server = running()
    await withoutAdministrator(server.store)
    const older = await linkOf(server)
    const submit = await opened(server, older)
    const newer = await linkOf(server)
    assert.equal((await submit('older@example.com')).status, 400)
    assert.equal((await server.browser().open(older)).status, 400)
    assert.equal((await (await opened(server, newer))('newer@example.com')).status, 200)
  })

  test('a process that died while it made the administrator leaves a server that can be set up', async () => {
    const server = running()
    await withoutAdministrator(server.store)
    const tenant = await server.store.tenants.find('main' as TenantId)
    assert.ok(tenant)
    const settings = { ...tenant.settings, administrators: ['auth0|gone' as never] }
    await server.store.tenants.update({ ...tenant, settings })
    assert.equal((await (await opened(server, await linkOf(server)))('again@example.com')).status, 200)
    assert.equal(await issueSetupLink(await callOf(server)), undefined)
  })

  test('NIST SP 800-63B §3.1.1.2: a password of the commonest words is refused and the link stays', async () => {
    const server = running()
    await withoutAdministrator(server.store)
    const submit = await opened(server, await linkOf(server))
    const refused = await submit('weak@example.com', 'password1234')
    assert.equal(refused.status, 400)
    assert.match(refused.html, /too easy to guess/)
    assert.equal((await submit('weak@example.com')).status, 200)
  })
})

const weak = {
  'a common word and digits': 'password1234',
  'a common word in other letters': 'P@ssw0rd!2024',
  'a common word twice': 'PasswordPassword',
  'two common words': 'admin-welcome1',
  'digits alone': '123456789012',
  'a row of the keyboard': 'qwertyuiop12',
  'the alphabet': 'abcdefghijkl',
  'the name of the address': 'countess1815!',
  'the address': 'countess@example.com',
  'a short one': 'x7!kQ2#mPz',
  'few characters': 'abababababab',
}
for (const [name, given] of Object.entries(weak)) {
  test(`NIST SP 800-63B §3.1.1.2: ${name} is too easy to guess`, () => {
    assert.equal(isWeak(given, 'countess@example.com'), true)
  })
}

for (const given of [
  'Difference-Engine-1822',
  'correct horse battery staple',
  'パスワードではない合言葉です',
  'k3Vq9zTw2LpX',
]) {
  test(`NIST SP 800-63B §3.1.1.2: ${given} is good enough`, () => {
    assert.equal(isWeak(given, 'countess@example.com'), false)
  })
}
