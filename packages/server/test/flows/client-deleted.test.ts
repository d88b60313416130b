import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Store, TenantStore } from '../../src/domain/store.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { assertPageRefusal, authorizationUrl, rowsOf, throughPages } from '../rfc/requests.ts'

/** Runs once, when the server has looked at the consent of a request: between the question and the answer. */
let meanwhile: (() => Promise<unknown>) | undefined

function interrupted(store: Store): Store {
  return { ...store, forTenant: (id) => withInterruption(store.forTenant(id)) }
}

function withInterruption(tenant: TenantStore): TenantStore {
  return {
    ...tenant,
    consents: {
      ...tenant.consents,
      async find(...key) {
        const found = await tenant.consents.find(...key)
        const run = meanwhile
        meanwhile = undefined
        await run?.()
        return found
      },
    },
  }
}

const server = await startTestServer({ store: interrupted(openSqlite()) })
after(() => server.close())

test('RFC 6749 §4.1.2.1: a client that is deleted while its request is answered gets nothing, and its owner a page', async () => {
  const user = await server.aUser()
  const client = await server.aClient()
  const browser = server.browser()
  await throughPages(server, { client, user, browser })
  const { clients } = rowsOf(server)
  meanwhile = () => clients.delete(client.id)
  const shown = await browser.open(authorizationUrl(server, client))
  assert.equal(shown.leftTo, undefined)
  const response = new Response(shown.html, { status: shown.status, headers: shown.headers })
  await assertPageRefusal(server, response, 'authorize.client_gone')
})
