import assert from 'node:assert/strict'
import { test } from 'node:test'
import { activatePage } from '../../src/pages/activate.ts'
import { applicationsPage } from '../../src/pages/applications.ts'
import { consentPage } from '../../src/pages/consent.ts'
import { errorPage } from '../../src/pages/error.ts'
import { locales } from '../../src/pages/locales/locale.ts'
import { loggedOutPage } from '../../src/pages/logged-out.ts'
import { loginPage } from '../../src/pages/login.ts'
import { messagePage } from '../../src/pages/message.ts'
import { setupPage } from '../../src/pages/setup.ts'
import { tagsOf, valuesOf, visibleText } from './markup.ts'
import { aConsent, aList, aLogin, aMessage, anActivation, anError, aSetup, everyPage } from './samples.ts'

for (const locale of locales) {
  for (const [name, page] of everyPage(locale)) {
    test(`WCAG 2.2: ${name} in ${locale} has a language, one heading, landmarks, labels and no dangling reference`, () => {
      const tags = tagsOf(String(page))
      const count = (element: string) => tags.filter((tag) => tag.name === element).length
      assert.deepEqual(valuesOf(tags, 'lang')[0], locale)
      assert.deepEqual([count('h1'), count('main'), count('title'), count('header')], [1, 1, 1, 1])
      const ids = valuesOf(tags, 'id')
      assert.equal(new Set(ids).size, ids.length, 'an id given twice')
      const references = ['aria-describedby', 'aria-labelledby', 'for'].flatMap((name) =>
        valuesOf(tags, name),
      )
      for (const reference of references.flatMap((value) => value.split(' ')))
        assert.ok(ids.includes(reference), reference)
      const labelled = valuesOf(tags, 'for')
      for (const { name, attributes } of tags) {
        if (name === 'input' && attributes.get('type') !== 'hidden')
          assert.ok(labelled.includes(attributes.get('id') ?? ''))
        if (name === 'img') assert.ok(attributes.has('alt'))
      }
    })

    test(`the Content Security Policy lets ${name} in ${locale} through: no script, no inline style, forms by POST`, () => {
      const tags = tagsOf(String(page))
      for (const { name, attributes } of tags) {
        assert.ok(!['script', 'style', 'svg', 'iframe', 'base'].includes(name), name)
        assert.ok(![...attributes.keys()].some((key) => key === 'style' || key.startsWith('on')))
        if (name === 'form') assert.equal(attributes.get('method'), 'post')
        if (attributes.get('target') === '_blank') assert.equal(attributes.get('rel'), 'noopener noreferrer')
      }
      const forms = tags.filter((tag) => tag.name === 'form').length
      assert.equal(valuesOf(tags, 'name').filter((name) => name === 'csrf_token').length, forms)
    })
  }
}

const payloads: readonly string[] = [
  '"><script>alert(1)</script>',
  "' onmouseover='alert(1)",
  '<img src=x onerror=alert(1)>',
  '&lt;script&gt;',
  'javascript:alert(1)',
  'https://evil.example/"onerror="alert(1)',
  '</title></head><body><h1>Log in</h1>',
]

for (const payload of payloads) {
  test(`no field of any model can carry markup or a script into its page: ${payload}`, () => {
    const pages = [
      loginPage(poisoned(aLogin({ username: 'x', problem: 'wrong_credentials' }), payload)),
      consentPage(poisoned(aConsent(), payload)),
      errorPage(poisoned(anError(), payload)),
      activatePage(poisoned(anActivation({ userCode: 'x', problem: 'unknown_code' }), payload)),
      applicationsPage(poisoned(aList({ removed: 'x' }), payload)),
      setupPage(poisoned(aSetup({ email: 'x', problem: 'weak_password' }), payload)),
      messagePage(poisoned(aMessage(), payload)),
    ]
    for (const page of pages) {
      const tags = tagsOf(String(page))
      assert.equal(tags.filter((tag) => tag.name === 'script' || tag.name === 'h1').length, 1)
      const links = [...valuesOf(tags, 'href'), ...valuesOf(tags, 'src')]
      for (const link of links) assert.match(link, /^(https:\/\/|mailto:|\/u\/style\/|data:,$)/)
      assert.ok(tags.every(({ attributes }) => ![...attributes.keys()].some((key) => key.startsWith('on'))))
    }
  })
}

test('a name cannot disguise the text around it with control and direction characters', () => {
  const page = String(
    consentPage(aConsent({ application: { name: 'Bank\u202e\u2066\u200b\u0000 App\u2028' } })),
  )
  assert.match(page, /<h1>Bank App is asking for access<\/h1>/)
})

test('the login page has its fixed text and the inputs that password managers know', () => {
  const page = String(loginPage(aLogin({ username: 'ada' })))
  assert.match(visibleText(page), /Log in to continue to Contacts Demo/)
  const inputs = new Map(tagsOf(page).map(({ attributes }) => [attributes.get('name'), attributes]))
  assert.equal(inputs.get('username')?.get('autocomplete'), 'username')
  assert.equal(inputs.get('username')?.get('value'), 'ada')
  assert.equal(inputs.get('password')?.get('autocomplete'), 'current-password')
  assert.equal(inputs.get('password')?.has('value'), false)
  assert.equal(inputs.get('action')?.get('value'), 'login')
})

test('a problem of a login is spoken at once and described at both inputs', () => {
  const tags = tagsOf(String(loginPage(aLogin({ problem: 'wrong_credentials' }))))
  assert.deepEqual(valuesOf(tags, 'role'), ['alert'])
  assert.deepEqual(valuesOf(tags, 'aria-describedby'), ['problem', 'problem'])
  assert.deepEqual(valuesOf(tags, 'aria-invalid'), ['true', 'true'])
})

test('who is logged out is told to close the page only where the browser does not go on', () => {
  const { tenant, locale } = aLogin()
  const end = visibleText(String(loggedOutPage({ tenant, locale, frames: [] })))
  assert.match(end, /You can close this page now/)
  const returnTo = 'https://app.example/bye'
  const between = visibleText(String(loggedOutPage({ tenant, locale, frames: [], returnTo })))
  assert.match(between, /In a moment you go back to the application/)
  assert.doesNotMatch(between, /close this page/)
})

test('RFC 6749 §3.3: the owner can leave out each scope but the required ones', () => {
  const tags = tagsOf(String(consentPage(aConsent())))
  const scopes = tags.filter(({ attributes }) => attributes.get('name') === 'scope')
  const state = scopes.map(({ attributes }) => [
    attributes.get('value'),
    attributes.get('type'),
    attributes.has('checked'),
  ])
  assert.deepEqual(state, [
    ['openid', 'hidden', false],
    ['offline_access', 'checkbox', true],
    ['read:contacts', 'checkbox', true],
    ['delete:contacts', 'checkbox', false],
    ['undescribed', 'checkbox', false],
  ])
})

test('the consent page names the application, the API, the owner and where the answer goes', () => {
  const text = visibleText(String(consentPage(aConsent())))
  for (const part of [
    'Contacts Demo',
    'Contacts API',
    'Ada Lovelace',
    'ada@example.com',
    'contacts.example',
    'Read your contacts',
    'read:contacts',
  ])
    assert.ok(text.includes(part), part)
})

test('RFC 8628 §5.4: consent for a device shows its code and warns of codes that somebody sent', () => {
  const answerTo = { kind: 'device', userCode: 'WDJB-MJHT' } as const
  const text = visibleText(String(consentPage(aConsent({ answerTo }))))
  for (const part of ['Your device must show this code', 'WDJB-MJHT', 'somebody sent you a link'])
    assert.ok(text.includes(part), part)
  assert.ok(!text.includes('Your answer is sent to'))
})

test('the consent page lets the owner allow, decline or be someone else', () => {
  const buttons = tagsOf(String(consentPage(aConsent()))).filter((tag) => tag.name === 'button')
  assert.deepEqual(valuesOf(buttons, 'value'), ['switch_account', 'accept', 'deny'])
})

test('the error page of an authorization request tells its developer the code, the clause and the way out', () => {
  const text = visibleText(String(errorPage(anError())))
  for (const part of [
    'could not be accepted',
    'invalid_request',
    'RFC 6749 §3.1.2.4',
    'Add the exact URI',
    'req_1',
  ])
    assert.ok(text.includes(part), part)
})

test('details for developers say that they are in English', () => {
  const tags = tagsOf(String(errorPage(anError({ locale: 'ja' }))))
  assert.deepEqual(valuesOf(tags, 'lang'), ['ja', 'en', 'en', 'en', 'en'])
})

/** The model with the payload in place of each text, except those that select a variant. */
function poisoned<Model>(model: Model, payload: string): Model {
  const walk = (value: unknown, key = ''): unknown => {
    if (['kind', 'locale', 'problem', 'message'].includes(key)) return value
    if (typeof value === 'string') return payload
    if (Array.isArray(value)) return value.map((item) => walk(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member, name)]))
  }
  return walk(model) as Model
}
