import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemBackground } from '../../src/ports/background.ts'

test('a task begins at once, or when its time has come', async () => {
  const background = systemBackground()
  const order: string[] = []
  const later = new Promise<void>((resolve) => {
    background.run(async () => {
      order.push('later')
      resolve()
    }, 0.001)
  })
  background.run(async () => void order.push('at once'))
  assert.deepEqual(order, ['at once'])
  // The timer keeps no process alive, this one neither.
  const alive = setInterval(() => undefined, 1000)
  await later
  clearInterval(alive)
  assert.deepEqual(order, ['at once', 'later'])
  await background.stop()
})

test('stopping drops what waits, and waits for what has begun', async () => {
  const background = systemBackground()
  const order: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  background.run(async () => {
    await promise
    order.push('done')
  })
  background.run(async () => void order.push('dropped'), 3600)
  const stopped = background.stop().then(() => order.push('stopped'))
  resolve()
  await stopped
  assert.deepEqual(order, ['done', 'stopped'])
})
