import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { answerOf, authorizationParameters, authorize, throughPages } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const client = await server.aClient()
const user = await server.aUser()
const browser = server.browser()
await throughPages(server, { client, user, browser })

test('RFC 6749 §4.1.2: state comes back as it was sent', async (t) => {
  const rows = [
    { name: '2,000 characters', state: 'Az09-._~'.repeat(250) },
    { name: '32,768 characters', state: 'x'.repeat(32_768) },
    { name: 'Unicode beyond the basic plane', state: 'Grüße, мир, 世界, 🗝️' },
    { name: 'characters that URLs reserve', state: 'a=b&c=d?e#f/g+h%20i;j' },
    { name: 'JSON with quotes and backslashes', state: '{"to":"\\\\x","n":"<script>"}' },
    { name: 'spaces at both ends', state: '  two  spaces  ' },
    { name: 'decomposed accents', state: 'e\u0301 is not \u00e9' },
    { name: 'a text that looks like other parameters', state: 'x&code=stolen&iss=https://evil.test/' },
  ]
  for (const { name, state } of rows) {
    await t.test(name, async () => {
      const answer = answerOf(await throughPages(server, { client, user, browser }, { state }))
      assert.equal(answer.get('state'), state)
      assert.equal(answer.getAll('iss').length, 1)
      const refused = await authorize(server, client, { state, prompt: 'none' })
      assert.equal(new URL(refused.headers.get('location') ?? '').searchParams.get('state'), state)
    })
  }
})

test('RFC 6749 §4.1.2: state is absent where none was sent', async () => {
  const answer = answerOf(await throughPages(server, { client, user, browser }, { state: undefined }))
  assert.equal(answer.has('state'), false)
})

test('RFC 6749 §4.1.2.1: a refused request carries its state, though other parameters are repeated', async () => {
  const response = await authorize(server, client, { nonce: ['1', '2'], state: 'kept' })
  assert.equal(new URL(response.headers.get('location') ?? '').searchParams.get('state'), 'kept')
})

test('RFC 6749 §4.1.2.1: a state that cannot be told apart is not echoed', async () => {
  const response = await authorize(server, client, { state: ['one', 'two'] })
  const { searchParams } = new URL(response.headers.get('location') ?? '')
  assert.equal(searchParams.get('error'), 'invalid_request')
  assert.equal(searchParams.has('state'), false)
})

test('RFC 6749 §4.1.2: state and nonce travel through a POST request', async () => {
  const response = await server.fetch(`${server.issuer}authorize`, {
    method: 'POST',
    body: authorizationParameters(client, { prompt: 'none', state: 'päckchen' }),
  })
  assert.equal(response.status, 303)
  assert.equal(new URL(response.headers.get('location') ?? '').searchParams.get('state'), 'päckchen')
})
