import assert from 'node:assert/strict'
import { test } from 'node:test'
import { document } from '../../src/stores/sql/document.ts'
import { sql } from '../../src/stores/sql/query.ts'
import { render, statements } from '../../src/stores/sql/statements.ts'

const dollar = (position: number) => `$${position}`

test('values travel beside the text, in order, also those of a part', () => {
  const part = sql`b = ${'two'} and c = ${3}`
  const query = sql`select x from y where a = ${1} and ${part} and d = ${'four'}`
  assert.equal(render(query, dollar), 'select x from y where a = $1 and b = $2 and c = $3 and d = $4')
  assert.equal(
    render(query, () => '?'),
    'select x from y where a = ? and b = ? and c = ? and d = ?',
  )
  assert.deepEqual(query.values, [1, 'two', 3, 'four'])
})

test('a value never becomes text, whatever it holds', () => {
  const query = sql`select ${"'; drop table client; --"}`
  assert.equal(render(query, dollar), 'select $1')
})

test('undefined is stored as null, and a document as JSON', () => {
  assert.deepEqual(sql`${undefined} ${null} ${document({ a: '\0\ud800' })}`.values, [
    null,
    null,
    '{"a":"\\u0000\\ud800"}',
  ])
})

test('a statement is made once for each shape', () => {
  const made: string[] = []
  const prepared = statements(dollar, (text) => {
    made.push(text)
    return text
  })
  const find = (table: ReturnType<typeof sql>, id: string) => sql`select ${table} where id = ${id}`
  const [client, user] = [sql`client`, sql`user_account`]
  const answers = [find(client, 'a'), find(user, 'b'), find(client, 'c'), find(user, 'd')].map(prepared)
  assert.deepEqual(made, ['select client where id = $1', 'select user_account where id = $1'])
  assert.deepEqual(answers, [made[0], made[1], made[0], made[1]])
})

test('a fault of a value is a fault of the query, also from inside a part', () => {
  assert.equal(sql`${'fine'} ${1}`.fault, undefined)
  assert.equal(sql`a ${sql`${'a\0'}`}`.fault, 'text')
  assert.equal(sql`${0.5}`.fault, 'number')
  assert.equal(sql`${document(Number.NaN)}`.fault, 'document')
})
