import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collectCoverage } from '../../../scripts/spec-coverage/collect.ts'
import { references, written } from '../../../scripts/spec-coverage/references.ts'

function found(text: string): string[] {
  return references(text).map(written)
}

test('references are found in lists, over line breaks and under both names of OpenID Connect', () => {
  const text = `// RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1. OpenID Connect Core §5.4 and OIDC Core §11, RFC 7636
// Appendix B; RFC 9110 without a clause.
`
  assert.deepEqual(found(text), [
    'RFC 6749 §4.1.2.1',
    'RFC 6749 §5.2',
    'RFC 6750 §3.1',
    'OIDC Core §5.4',
    'OIDC Core §11',
    'RFC 7636 Appendix B',
  ])
})

const source = {
  path: 'src/pkce.ts',
  text: `const a = rule({
  id: 'pkce.missing',
  clause: 'RFC 7636 §4.4.1',
})
const b = rule({ id: 'pkce.wrong', clause: 'RFC 7636 §4.6' })
const c = rule({ id: 'pkce.odd', clause: 'RFC 7636 §4.6' })
`,
}

function testsByRule(text: string): Record<string, readonly string[]> {
  const { rules } = collectCoverage([source], [{ path: 'pkce.test.ts', text }])
  return Object.fromEntries(rules.map(({ id, tests }) => [id, tests]))
}

test('a rule is held by a test that quotes its id', () => {
  const held = testsByRule(`refusedBy(response, 'pkce.wrong')`)
  assert.deepEqual(held, { 'pkce.missing': [], 'pkce.odd': [], 'pkce.wrong': ['pkce.test.ts'] })
})

test('a rule is not held by a comment that quotes its id', () => {
  const held = testsByRule(`// 'pkce.wrong'
const uri = 'https://app.test/' // "pkce.wrong"
/** \`pkce.missing\` */
refusedBy('https://app.test//', 'pkce.odd')`)
  assert.deepEqual(held, { 'pkce.missing': [], 'pkce.odd': ['pkce.test.ts'], 'pkce.wrong': [] })
})

test('a rule is held by a title with its clause, unless rules share the clause', () => {
  const held = testsByRule(`test('RFC 7636 §4.4.1: a challenge is required; RFC 7636 §4.6 too', () => {})`)
  assert.deepEqual(held, { 'pkce.missing': ['pkce.test.ts'], 'pkce.odd': [], 'pkce.wrong': [] })
})

test('a clause knows who cites it and which titles name it, comments of tests aside', () => {
  const tests = [
    { path: 'a.test.ts', text: `test("RFC 7636 §4.6: the verifier's hash must match", () => {})` },
    { path: 'b.test.ts', text: `// RFC 7636 §4.6\nconst rows = [{ name: 'RFC 7636 §4.1: length' }]` },
  ]
  const { clauses } = collectCoverage([source], tests)
  assert.deepEqual(clauses, [
    { specification: 'RFC 7636', clause: '§4.1', sources: [], tests: ['b.test.ts'] },
    { specification: 'RFC 7636', clause: '§4.4.1', sources: ['src/pkce.ts'], tests: [] },
    { specification: 'RFC 7636', clause: '§4.6', sources: ['src/pkce.ts'], tests: ['a.test.ts'] },
  ])
})
