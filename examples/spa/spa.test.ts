import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logIn, shoot, stage, widths } from '@valetkey-examples/shared/drive'
import type { Page } from 'playwright-core'

const example = stage(import.meta.dirname)

async function open(width: number): Promise<Page> {
  const page = await example.newPage(width)
  // Time that the test moves: nobody waits for a token to end.
  await page.clock.install()
  await page.goto(example.url(1))
  return page
}

async function signIn(page: Page, shot?: string): Promise<void> {
  await page.getByRole('button', { name: 'Log in' }).click()
  await logIn(page, 'ada@example.com', 'Analytical-Engine-1843')
  const accept = page.locator('button[value=accept]')
  const notes = page.getByText('Write to Babbage')
  await accept.or(notes).first().waitFor()
  if (await accept.isVisible()) {
    if (shot) await shoot(page, shot)
    await accept.click()
  }
  await notes.waitFor()
}

for (const width of widths) {
  test(`OIDC Core §3.1.2.1: the token is renewed in a hidden frame while nobody does anything, at ${width} px`, async () => {
    const page = await open(width)
    await page.getByRole('heading', { name: 'Notes without' }).waitFor()
    await shoot(page, 'spa-home')
    await signIn(page, 'spa-consent')
    assert.equal(await page.locator('#guest').isVisible(), false)
    await shoot(page, 'spa-notes')
    assert.equal(await page.evaluate('localStorage.length + sessionStorage.length'), 0)

    const [frame] = await Promise.all([
      page.waitForRequest((request) => request.url().includes('/authorize?')),
      page.clock.runFor(91_000),
    ])
    const asked = new URL(frame.url()).searchParams
    assert.deepEqual([asked.get('prompt'), asked.get('response_mode')], ['none', 'web_message'])
    await page.locator('#renewals', { hasText: '1' }).waitFor()
    await page.getByRole('button', { name: 'Renew now' }).click()
    await page.locator('#renewals', { hasText: '2' }).waitFor()
    await page.context().close()
  })
}

test('after a reload the page has a token again, without a login page', async () => {
  const page = await open(1280)
  await signIn(page)
  await page.reload()
  await page.getByText('Write to Babbage').waitFor()
  await page.context().close()
})

test('OIDC Core §3.1.2.6: when the session at the server is over, the page asks for a login', async () => {
  const page = await open(1280)
  await signIn(page)
  await page.context().clearCookies()
  await page.getByRole('button', { name: 'Renew now' }).click()
  await page.getByText('Your session has ended').waitFor()
  await page.context().close()
})

for (const width of widths) {
  test(`RFC 6749 §3.3: who does not allow the notes is told so, and can be asked again, at ${width} px`, async () => {
    const page = await open(width)
    // As if it were the first time: what other tests allowed is remembered.
    await page.route(
      ({ pathname, searchParams }) => pathname === '/authorize' && !searchParams.has('prompt'),
      (route) => route.continue({ url: `${route.request().url()}&prompt=consent` }),
    )
    await page.getByRole('button', { name: 'Log in' }).click()
    await logIn(page, 'ada@example.com', 'Analytical-Engine-1843')
    const accept = page.locator('button[value=accept]')
    await page.locator('input[value="read:notes"]').uncheck()
    await accept.click()
    await page.getByText('You did not allow this page').waitFor()
    await shoot(page, 'spa-refused')
    await page.getByRole('button', { name: 'Ask me again' }).click()
    await page.locator('input[value="read:notes"]').check()
    await accept.click()
    await page.getByText('Write to Babbage').waitFor()
    assert.equal(await page.locator('#refused').isVisible(), false)
    await page.context().close()
  })
}

test('who logs out is logged out at the server too', async () => {
  const page = await open(1280)
  await signIn(page)
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByRole('heading', { name: 'Notes without' }).waitFor()
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.locator('input[name=password]').waitFor()
  await page.context().close()
})
