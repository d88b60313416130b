import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from '../../src/pages/locales/catalogue.ts'
import { chooseLocale, locales } from '../../src/pages/locales/locale.ts'

const choices: readonly (readonly [string, string | undefined, string | undefined, string])[] = [
  ['nothing asked', undefined, undefined, 'en'],
  ['RFC 4647 §3.4: a region is dropped until a tag matches', 'de-AT', undefined, 'de'],
  ['RFC 4647 §3.4: script and region are dropped one after the other', 'ja-Jpan-JP', undefined, 'ja'],
  [
    'RFC 4647 §3.4: a single-character subtag goes with what follows it',
    'de-a-value-x-private',
    undefined,
    'de',
  ],
  ['RFC 4647 §2: tags are compared without regard to case', 'PT-br', undefined, 'pt-BR'],
  ['Portuguese of another region is read in the Portuguese that we have', 'pt-PT', undefined, 'pt-BR'],
  ['OpenID Connect Core §3.1.2.1: ui_locales is in order of preference', 'xx fr de', undefined, 'fr'],
  ['OpenID Connect Core §3.1.2.1: an unknown ui_locales is no error', 'tlh', undefined, 'en'],
  ['ui_locales goes before the browser', 'es', 'de', 'es'],
  ['an unknown ui_locales leaves the choice to the browser', 'tlh', 'de', 'de'],
  ['RFC 9110 §12.5.4: the heaviest language wins', undefined, 'fr;q=0.4, ja;q=0.8, de;q=0.6', 'ja'],
  ['RFC 9110 §12.5.4: no weight is the greatest weight', undefined, 'fr;q=0.9, es', 'es'],
  ['RFC 9110 §12.4.2: a weight of zero is a refusal', undefined, 'de;q=0, fr;q=0.1', 'fr'],
  ['a wildcard names no language', undefined, '*', 'en'],
  ['a malformed weight is ignored with its language', undefined, 'de;q=high, fr;q=0.2', 'fr'],
  ['garbage is no error', ';;-,,=', '-,;q=,\u0000', 'en'],
]

for (const [name, uiLocales, acceptLanguage, expected] of choices) {
  test(`${name} (${expected})`, () => {
    assert.equal(chooseLocale(uiLocales, acceptLanguage), expected)
  })
}

test('the locales are written in the canonical case of BCP 47', () => {
  assert.deepEqual(Intl.getCanonicalLocales([...locales]), [...locales])
})

test('no language lacks a text or repeats the English one', () => {
  const english = textsIn(catalogue.en)
  // The same word in both languages.
  const cognates = new Set(['Problem', 'Support', 'Application', 'Error'])
  for (const locale of locales) {
    const texts = textsIn(catalogue[locale])
    assert.deepEqual([...texts.keys()], [...english.keys()], locale)
    for (const [key, text] of texts) {
      assert.notEqual(text.trim(), '', `${locale} ${key}`)
      if (locale !== 'en' && !cognates.has(text)) assert.notEqual(text, english.get(key), `${locale} ${key}`)
    }
  }
})

test('a text with names shows every one of them', () => {
  for (const locale of locales) {
    for (const [key, text] of textsIn(catalogue[locale])) {
      assert.equal(text.includes('First'), functionsIn(catalogue.en).has(key), `${locale} ${key}`)
    }
    assert.match(catalogue[locale].consent.asksForApi('First', 'Second'), /Second/)
  }
})

function textsIn(node: unknown, path = ''): Map<string, string> {
  if (typeof node === 'string') return new Map([[path, node]])
  if (typeof node === 'function') return new Map([[path, String(node('First', 'Second'))]])
  return new Map(
    Object.entries(node as object).flatMap(([key, value]) => [...textsIn(value, `${path}.${key}`)]),
  )
}

function functionsIn(node: unknown, path = ''): Set<string> {
  if (typeof node === 'function') return new Set([path])
  if (typeof node !== 'object' || node === null) return new Set()
  return new Set(Object.entries(node).flatMap(([key, value]) => [...functionsIn(value, `${path}.${key}`)]))
}
