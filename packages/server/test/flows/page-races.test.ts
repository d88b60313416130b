import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Shown } from '../../src/testkit/testkit.ts'
import { authorizationUrl, granted, redeem, rowsOf } from '../rfc/requests.ts'
import { onEveryEngine } from './engines.ts'

function codesOf(answers: readonly Shown[]): readonly string[] {
  return answers.flatMap(({ leftTo }) => leftTo?.parameters.get('code') ?? [])
}

onEveryEngine((running) => {
  test('RFC 6749 §4.1.1: 50 submissions of one consent page give one code, which is good', async () => {
    const server = running()
    const client = await server.aClient({ isFirstParty: false })
    const user = await server.aUser({ email: `${client.id}@example.com` })
    const browser = server.browser()
    const page = await browser.logIn(await browser.open(authorizationUrl(server, client)), user)
    const answers = await Promise.all(Array.from({ length: 50 }, () => browser.allow(page)))
    const [code = '', ...others] = codesOf(answers)
    assert.deepEqual(others, [])
    assert.equal(answers.filter(({ status }) => status === 400).length, 49)
    await granted(await redeem(server, client, code))
  })

  test('RFC 6749 §4.1.1: of a race between refusal and consent one counts, and that one is remembered', async () => {
    const server = running()
    const client = await server.aClient({ isFirstParty: false })
    const user = await server.aUser({ email: `${client.id}@example.com` })
    const browser = server.browser()
    const page = await browser.logIn(await browser.open(authorizationUrl(server, client)), user)
    const answers = await Promise.all([
      browser.decline(page),
      ...Array.from({ length: 20 }, () => browser.allow(page)),
    ])
    const [answered, ...others] = answers.filter(({ leftTo }) => leftTo !== undefined)
    assert.equal(others.length, 0)
    const remembered = await rowsOf(server).consents.find(user.id, client.id, '')
    assert.equal(remembered !== undefined, answered?.leftTo?.parameters.has('code'))
  })

  test('RFC 6749 §4.1.1: 50 submissions of one login page give one code', async () => {
    const server = running()
    const client = await server.aClient()
    const user = await server.aUser({ email: `${client.id}@example.com` })
    const browser = server.browser()
    const page = await browser.open(authorizationUrl(server, client))
    const answers = await Promise.all(Array.from({ length: 50 }, () => browser.logIn(page, user)))
    const [code = '', ...others] = codesOf(answers)
    assert.deepEqual(others, [])
    assert.ok(answers.every(({ status }) => status < 500))
    await granted(await redeem(server, client, code))
  })
})
