import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { answerOf, authorize, throughPages } from './requests.ts'

const server = await startTestServer()
after(() => server.close())
const client = await server.aClient()
const user = await server.aUser()

test('RFC 9207 §2: a successful response names the issuer once, exactly as discovery does', async () => {
  const answer = answerOf(await throughPages(server, { client, user }))
  const metadata = await (await server.fetch(`${server.issuer}.well-known/openid-configuration`)).json()
  assert.deepEqual(answer.getAll('iss'), [(metadata as { issuer: string }).issuer])
})

test('RFC 9207 §2: an error response names the issuer too', async () => {
  const response = await authorize(server, client, { response_type: 'banana' })
  assert.equal(new URL(response.headers.get('location') ?? '').searchParams.get('iss'), server.issuer)
})

test('RFC 9207 §2: an iss parameter of the request changes nothing', async () => {
  const answer = answerOf(await throughPages(server, { client, user }, { iss: 'https://evil.test/' }))
  assert.deepEqual(answer.getAll('iss'), [server.issuer])
})

test('RFC 9207 §3: metadata announces the parameter', async () => {
  const metadata = await (await server.fetch(`${server.issuer}.well-known/openid-configuration`)).json()
  const announced = metadata as { authorization_response_iss_parameter_supported: boolean }
  assert.equal(announced.authorization_response_iss_parameter_supported, true)
})
