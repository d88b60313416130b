import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertUnframeable, logIn, shoot, stage } from '@valetkey-examples/shared/drive'
import type { Page } from 'playwright-core'
import { renderSVG } from 'uqr'

const example = stage(import.meta.dirname)

/** Presses the button on the television and opens on a telephone what the QR code says. */
async function aTelephone(tv: Page, label: string): Promise<Page> {
  await tv.goto(example.url(1))
  await tv.getByRole('button', { name: label }).click()
  const code = await tv.locator('#code').innerText()
  const address = `${await tv.locator('.address').innerText()}?user_code=${code}`
  // Nothing here reads a QR code, but one text has one drawing.
  const drawn = await tv.locator('.qr svg path').getAttribute('d')
  assert.match(renderSVG(address, { border: 2 }), new RegExp(` d="${drawn}"`))
  await shoot(tv, 'tv-code')
  const telephone = await example.newPage(375)
  await telephone.goto(address)
  await shoot(telephone, 'tv-activate')
  assert.equal(await telephone.locator('input[name=user_code]').inputValue(), code)
  await telephone.locator('button[type=submit]').first().click()
  await logIn(telephone, 'ada@example.com', 'Analytical-Engine-1843')
  await telephone.locator('button[value=accept]').waitFor()
  await shoot(telephone, 'tv-consent')
  return telephone
}

test('RFC 8628 §3.5: who says no on the telephone is not logged in on the television', async () => {
  const tv = await example.newPage()
  const telephone = await aTelephone(tv, 'Log in')
  await telephone.locator('button[value=deny]').click()
  await tv.getByText('Somebody said no').waitFor()
  await shoot(tv, 'tv-declined')
  await telephone.context().close()
  await tv.context().close()
})

test('RFC 8628 §3.4: a television is logged in with a telephone', async () => {
  const tv = await example.newPage()
  const telephone = await aTelephone(tv, 'Try again')
  await telephone.locator('button[value=accept]').click()
  await tv.getByText('Welcome, Ada Lovelace').waitFor()
  await shoot(tv, 'tv-welcome')
  await shoot(telephone, 'tv-activated')
  await telephone.reload()
  await telephone.getByText('Your device is connected').waitFor()
  await telephone.context().close()
  await tv.context().close()
})

test('RFC 6749 §6: a television whose access was removed says so', async () => {
  const tv = await example.newPage()
  await tv.goto(example.url(1))
  await tv.getByText('Welcome, Ada Lovelace').waitFor()
  const telephone = await example.newPage(375)
  await telephone.goto(example.url(0, '/account/applications'))
  await logIn(telephone, 'ada@example.com', 'Analytical-Engine-1843')
  await telephone.getByText('Remove access of Lantern TV').click()
  await telephone.locator('button[value=revoke]').first().click()
  await telephone.getByText('has no access any more').waitFor()
  await tv.reload()
  await tv.getByText('Your access has ended').waitFor()
  await shoot(tv, 'tv-ended')
  await telephone.context().close()
  await tv.context().close()
})

test('the television fits a small screen too', async () => {
  const tv = await example.newPage(375)
  await tv.goto(example.url(1))
  await shoot(tv, 'tv-home')
  await tv.getByRole('button', { name: 'Try again' }).click()
  await tv.locator('#code').waitFor()
  await shoot(tv, 'tv-code')
})

test('RFC 9700 §4.16: nobody frames the application', () => assertUnframeable(example.url(1)))
