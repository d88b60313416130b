import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFile } from './support/source-files.ts'

function importsOf(text: string) {
  return sourceFile('http/app.ts', text).imports.map(({ target, names, typeOnly }) => ({
    target,
    names,
    typeOnly,
  }))
}

test('imports, re-exports and dynamic imports are found, however they are broken over lines', () => {
  const text = `import fs, { type Stats } from 'node:fs'
import type { A } from '../domain/a.ts'
import {
  b as c,
  d,
} from './b.ts'
export * from '@scope/name/sub'
import 'polyfill/all'
const lazy = () => import('./lazy.ts')
`
  assert.deepEqual(importsOf(text), [
    { target: 'node:fs', names: ['fs', 'Stats'], typeOnly: false },
    { target: 'domain/a.ts', names: ['A'], typeOnly: true },
    { target: 'http/b.ts', names: ['b', 'd'], typeOnly: false },
    { target: '@scope/name', names: ['*'], typeOnly: false },
    { target: 'polyfill', names: ['*'], typeOnly: false },
    { target: 'http/lazy.ts', names: ['*'], typeOnly: false },
  ])
})

test('what a comment says is not code', () => {
  const text = `// import { a } from './a.ts', process.env
/** import { b } from './b.ts' */
/*
import { c } from './c.ts'
*/
const url = 'https://example.com' // Date.now()
`
  const { imports, code } = sourceFile('http/app.ts', text)
  assert.deepEqual(imports, [])
  assert.match(code, /https:\/\/example\.com/)
  assert.doesNotMatch(code, /process\.env|Date\.now/)
})

test('a declaration before an import does not swallow it', () => {
  const text = `export interface Empty {}
import { a } from './a.ts'
export type { B } from './b.ts'
`
  assert.deepEqual(importsOf(text), [
    { target: 'http/a.ts', names: ['a'], typeOnly: false },
    { target: 'http/b.ts', names: ['B'], typeOnly: true },
  ])
})
