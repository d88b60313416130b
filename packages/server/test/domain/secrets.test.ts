import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sameSecret } from '../../src/domain/secrets.ts'

test('two secrets are the same only when every byte is', () => {
  assert.equal(sameSecret('correct horse', 'correct horse'), true)
  assert.equal(sameSecret('clé', 'clé'), true)
  for (const presented of ['', 'correct hors', 'correct horse ', 'correct horsf', 'Correct horse'])
    assert.equal(sameSecret('correct horse', presented), false, presented)
  assert.equal(sameSecret('', 'anything'), false)
})
