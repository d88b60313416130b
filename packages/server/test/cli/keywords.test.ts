import assert from 'node:assert/strict'
import { test } from 'node:test'
import { replaceKeywords } from '../../src/cli/keywords.ts'

const environment = { NAME: 'dev', LIST: '["a", "b"]', QUOTED: 'say "hi"' }

const rows = {
  'text in the middle': ['url: https://##NAME##.example', 'url: https://dev.example'],
  'a string': ['name: @@QUOTED@@', 'name: "say \\"hi\\""'],
  'a string in quotes of its own': ["name: '@@NAME@@'", 'name: "dev"'],
  'a list': ['callbacks: @@LIST@@', 'callbacks: ["a", "b"]'],
  'a comment': ['# set ##MISSING## here', '# set ##MISSING## here'],
  'two on a line': ['##NAME##-##NAME##', 'dev-dev'],
  'a heading that is no keyword': ['## A heading ##', '## A heading ##'],
} as const
for (const [name, [given, expected]] of Object.entries(rows)) {
  test(`keywords are replaced: ${name}`, () => {
    assert.deepEqual(replaceKeywords(given, environment), { text: expected, missing: [] })
  })
}

test('a keyword without a value is told with its line', () => {
  assert.deepEqual(replaceKeywords('a: 1\nsecret: ##MISSING##\nb: @@GONE@@', environment).missing, [
    { line: 2, name: 'MISSING' },
    { line: 3, name: 'GONE' },
  ])
})
