// The guides quote the examples word for word.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const root = new URL('../../', import.meta.url)
const guides = ['add-a-grant', 'add-a-response-mode', 'add-a-client-authentication', 'add-a-token-format']

for (const guide of guides) {
  test(`${guide} quotes its example as it is`, () => {
    const text = readFileSync(new URL(`docs/guides/${guide}.md`, root), 'utf8')
    const quotes = [...text.matchAll(/^```ts ignore (examples\/\S+)\n([\s\S]*?)^```$/gm)]
    assert.ok(quotes.length > 0)
    for (const [, path = '', quoted = ''] of quotes)
      assert.ok(
        readFileSync(new URL(path, root), 'utf8').includes(quoted),
        `${path} has no such lines:\n${quoted}`,
      )
  })
}
