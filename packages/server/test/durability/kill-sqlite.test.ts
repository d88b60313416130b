import { test } from 'node:test'
import { killsLimitMs, strikeAgainAndAgain } from './kills.ts'
import { startNode } from './node-process.ts'
import { sqliteSettings } from './scene.ts'

test('RFC 6749 §4.1.2: twenty kills under load on SQLite take nothing that a client was told, and no code works twice', {
  timeout: killsLimitMs,
}, async (t) => {
  const settings = await sqliteSettings(t)
  await strikeAgainAndAgain(t, settings, 20, async (node) => {
    await node.end('SIGKILL')
    return startNode(settings)
  })
})
