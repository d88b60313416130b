import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startPostgres } from '../support/postgres.ts'
import { killsLimitMs, strikeAgainAndAgain } from './kills.ts'
import { startNode } from './node-process.ts'
import { postgresSettings } from './scene.ts'

test('RFC 6749 §4.1.2: twenty kills under load on PostgreSQL take nothing that a client was told, and no code works twice', {
  timeout: killsLimitMs,
}, async (t) => {
  await using database = await startPostgres()
  const settings = await postgresSettings(t, database.url)
  await strikeAgainAndAgain(t, settings, 20, async (node, round) => {
    // In turn: our process, the database, both.
    const kind = (['process', 'process', 'database', 'process', 'both'] as const)[round % 5]
    if (kind === 'database' || kind === 'both') {
      await database.crash()
      await pause(20)
    }
    if (kind !== 'database') assert.equal((await node.end('SIGKILL')).signal, 'SIGKILL')
    if (kind === 'database' || kind === 'both') await database.restart()
    return kind === 'database' ? node : startNode(settings)
  })
})
