import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertUnframeable, logIn, shoot, stage, widths } from '@valetkey-examples/shared/drive'
import type { Page } from 'playwright-core'

const example = stage(import.meta.dirname)

async function play(width: number): Promise<Page> {
  const page = await example.newPage(width)
  await page.goto(example.url(1))
  await page.getByRole('button', { name: 'Log in and play' }).click()
  await logIn(page, 'ada@lighthouse.example', 'Analytical-Engine-1843')
  const [accept, hello] = [page.locator('button[value=accept]'), page.getByText('Ahoy, Captain Ada')]
  await accept.or(hello).first().waitFor()
  if (await accept.isVisible()) await accept.click()
  await hello.waitFor()
  return page
}

test('who says no at the social site plays on, and the game learns nothing', async () => {
  const page = await play(1280)
  await page.getByRole('button', { name: 'Find friends' }).click()
  await logIn(page, 'ada@parlour.example', 'Mechanical-Loom-1804')
  await page.locator('button[value=deny]').click()
  await page.getByText('You said no to Parlour').waitFor()
  assert.equal(await page.locator('#friends').count(), 0)
  await page.context().close()
})

for (const width of widths) {
  test(`a player of one server brings friends from another, with consent there, at ${width} px`, async () => {
    const page = await play(width)
    await shoot(page, 'game-harbour')
    await page.getByRole('button', { name: /Find friends|Ask again/ }).click()
    // The studio's session is worth nothing at the social site.
    await logIn(page, 'ada@parlour.example', 'Mechanical-Loom-1804')
    const [accept, friends] = [page.locator('button[value=accept]'), page.locator('#friends')]
    await accept.or(friends).first().waitFor()
    if (await accept.isVisible()) {
      await page.getByText('See the list of your friends').waitFor()
      await shoot(page, 'game-consent')
      await accept.click()
    }
    await friends.getByText('Mary Somerville').waitFor()
    await shoot(page, 'game-friends')
    await page.context().close()
  })
}

test('RFC 9207 §2.4: an answer of one server at the callback of the other is not taken', async () => {
  const page = await play(1280)
  await page.getByRole('button', { name: 'Find friends' }).click()
  await page.locator('input[name=password]').waitFor()
  const forged = new URLSearchParams({
    code: 'stolen',
    state: 'forged',
    iss: example.url(0),
  })
  const response = await page.goto(example.url(1, `/callback/social?${forged}`))
  assert.equal(response?.status(), 400)
  await page.getByText('does not belong').waitFor()
  await page.context().close()
})

test('RFC 9700 §4.16: nobody frames the application', () => assertUnframeable(example.url(1)))
