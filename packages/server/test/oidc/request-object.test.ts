import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { assertPageRefusal, assertRedirectRefusal, authorize } from '../rfc/requests.ts'

const server = await startTestServer()
after(() => server.close())
const client = await server.aClient()

test('OIDC Core §6.1: a request object is refused, not ignored', async () => {
  assertRedirectRefusal(server, await authorize(server, client, { request: 'a.b.c' }), {
    error: 'request_not_supported',
    rule: 'authorize.request_not_supported',
  })
})

test('OIDC Core §6.2: request_uri is refused, not fetched', async () => {
  assertRedirectRefusal(server, await authorize(server, client, { request_uri: 'https://evil.test/r' }), {
    error: 'request_uri_not_supported',
    rule: 'authorize.request_uri_not_supported',
  })
})

test('OIDC Core §6.1: a redirection URI inside a request object proves nothing', async () => {
  const given = { request: 'a.b.c', redirect_uri: undefined }
  await assertPageRefusal(server, await authorize(server, client, given), 'authorize.redirect_uri_missing')
})
