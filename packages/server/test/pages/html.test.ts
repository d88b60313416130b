import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html, safeUrl } from '../../src/pages/html.ts'

test('text in a template is escaped for elements and for quoted attributes', () => {
  const name = `<b title="x">Ben & Jerry's</b>`
  assert.equal(
    String(html`<p title="${name}">${name}</p>`),
    '<p title="&lt;b title=&quot;x&quot;&gt;Ben &amp; Jerry&#39;s&lt;/b&gt;">&lt;b title=&quot;x&quot;&gt;Ben &amp; Jerry&#39;s&lt;/b&gt;</p>',
  )
})

test('markup and lists of markup are inserted as they are', () => {
  assert.equal(
    String(html`<ul>${['<', '>'].map((sign) => html`<li>${sign}</li>`)}</ul>`),
    '<ul><li>&lt;</li><li>&gt;</li></ul>',
  )
})

test('undefined and false render nothing, zero and the empty string render themselves', () => {
  assert.equal(String(html`[${undefined}${false}${''}${0}]`), '[0]')
})

test('an object that only looks like markup cannot pass for it', () => {
  const forged = Object.assign(Object.create(Object.getPrototypeOf(html``)), { toString: () => '<script>' })
  assert.throws(() => html`${forged}`)
})

test('text that contains the replacement patterns of String.replace stays as it is', () => {
  assert.equal(String(html`<p>${"$& $' $1"}</p>`), '<p>$&amp; $&#39; $1</p>')
})

const urls: readonly (readonly [string, string, string])[] = [
  ['an https URL', 'https://example.com/a?b=c', 'https://example.com/a?b=c'],
  ['an http URL', 'http://localhost:4401/', 'http://localhost:4401/'],
  ['a script', 'javascript:alert(1)', '#'],
  ['a script behind a tab and capitals', 'java\tScript:alert(1)', '#'],
  ['a script behind white space', '  javascript:alert(1)', '#'],
  ['a data URL', 'data:text/html,<script>alert(1)</script>', '#'],
  ['a relative path', '/logout', '#'],
  ['no scheme', '//evil.example', '#'],
  ['nothing', '', '#'],
]

for (const [name, url, expected] of urls) {
  test(`safeUrl answers ${name} with ${expected}`, () => {
    assert.equal(safeUrl(url), expected)
  })
}
