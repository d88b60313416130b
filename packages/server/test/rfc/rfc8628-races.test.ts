import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engines } from '../support/engines.ts'
import { aDeviceClient, approve, codesFor, poll, toConsent } from './devices.ts'
import { json } from './requests.ts'

for (const { name, start } of engines) {
  test(`RFC 8628 §3.4: of 50 polls of an approved code one gets tokens, on ${name}`, async (t) => {
    const server = await start()
    t.after(() => server.close())
    const client = await aDeviceClient(server)
    const user = await server.aUser()
    const codes = await codesFor(server, client)
    await approve(server, user, codes.user_code)
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => json(await poll(server, client, codes.device_code))),
    )
    assert.equal(answers.filter((answer) => 'access_token' in answer).length, 1)
    const others = new Set(answers.flatMap(({ error }) => (error === undefined ? [] : [error])))
    assert.deepEqual(
      [...others].sort(),
      ['invalid_grant', 'slow_down'].filter((error) => others.has(error)),
    )
  })

  test(`RFC 8628 §3.5: of 50 polls one learns that the code expired, on ${name}`, async (t) => {
    const server = await start()
    t.after(() => server.close())
    const client = await aDeviceClient(server)
    const codes = await codesFor(server, client)
    server.advance('900s')
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => json(await poll(server, client, codes.device_code))),
    )
    assert.equal(answers.filter(({ error }) => error === 'expired_token').length, 1)
  })

  test(`RFC 8628 §3.3: of two owners who decide at once one is heard, on ${name}`, async (t) => {
    const server = await start()
    t.after(() => server.close())
    const client = await aDeviceClient(server)
    const user = await server.aUser()
    const codes = await codesFor(server, client)
    const browsers = Array.from({ length: 10 }, () => server.browser())
    const pages = []
    for (const browser of browsers)
      pages.push({ browser, consent: await toConsent(server, browser, user, codes.user_code) })
    const decided = await Promise.all(
      pages.map(({ browser, consent }, index) =>
        index % 2 === 0 ? browser.allow(consent) : browser.decline(consent),
      ),
    )
    assert.equal(decided.filter(({ status }) => status === 200).length, 1)
  })
}
