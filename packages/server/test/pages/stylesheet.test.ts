import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contrast, inkOn, parseColor, toHex } from '../../src/pages/colors.ts'
import { loginPage } from '../../src/pages/login.ts'
import { stylesheet, stylesheetFolder, stylesheetPath } from '../../src/pages/stylesheet.ts'
import { tagsOf, valuesOf } from './markup.ts'
import { aLogin } from './samples.ts'

const colors = { primary: '#0b5d4b', pageBackground: '#e9efec' }

test('a page links the stylesheet in the colours of its tenant', () => {
  const model = aLogin()
  const links = tagsOf(String(loginPage(model))).filter((tag) => tag.name === 'link')
  assert.ok(valuesOf(links, 'href').includes(stylesheet(model.tenant.colors).path))
})

test('the path of a stylesheet changes with the colours and with nothing else', () => {
  assert.equal(stylesheetPath(colors), stylesheet({ ...colors }).path)
  assert.notEqual(stylesheetPath(colors), stylesheetPath({ ...colors, primary: '#0b5d4c' }))
  assert.ok(stylesheetPath(colors).startsWith(stylesheetFolder))
})

const attacks: readonly string[] = [
  'red}body{display:none',
  '#fff;background:url(https://evil.example)',
  '</style><script>alert(1)</script>',
  '#12345',
  'url(javascript:alert(1))',
  '',
]

for (const attack of attacks) {
  test(`a colour that is not hexadecimal never reaches the stylesheet: ${JSON.stringify(attack)}`, () => {
    const body = stylesheet({ primary: attack, pageBackground: attack }).body
    assert.equal(body, stylesheet({ primary: '', pageBackground: '' }).body)
  })
}

test('a colour of three digits is the colour of six', () => {
  assert.equal(
    stylesheetPath({ ...colors, primary: '#1A2' }),
    stylesheetPath({ ...colors, primary: '#11aa22' }),
  )
})

test('WCAG 2.2 §1.4.3: text on a tenant colour, and in it, has a contrast of 4.5 for every colour', () => {
  // In pages.css: `--sheet` and `--tint`, light and dark.
  const papers = ['#ffffff', '#f2f6f4', '#18211e', '#202b27'].map((hex) => parseColor(hex) ?? assert.fail())
  for (let value = 0; value <= 0xffffff; value += 0x3307) {
    const color = parseColor(`#${value.toString(16).padStart(6, '0')}`)
    assert.ok(color)
    assert.ok(contrast(color, inkOn(color)) >= 4.5, toHex(color))
    const { light, dark } = textColors(toHex(color))
    for (const [index, paper] of papers.entries()) {
      assert.ok(contrast(paper, index < 2 ? light : dark) >= 4.5, toHex(color))
    }
  }
})

/** The colour of links and quiet buttons, as the stylesheet has it. */
function textColors(primary: string) {
  const found = [...stylesheet({ ...colors, primary }).body.matchAll(/--primary-text:(#\w{6})/g)]
  const [light, dark] = found.map(([, hex = '']) => parseColor(hex))
  return light && dark ? { light, dark } : assert.fail()
}
