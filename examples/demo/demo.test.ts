import { test } from 'node:test'
import { logIn, shoot, stage, widths } from '@valetkey-examples/shared/drive'
import type { Page } from 'playwright-core'

const example = stage(import.meta.dirname)

for (const width of widths) {
  test(`the demo is clicked through from login to the API at ${width} px`, async () => {
    const page = await example.newPage(width)
    await page.goto(example.url(1))
    await shoot(page, 'demo-home')
    // The read scope alone, so that adding a contact is refused.
    await page.locator('input[value="create:contacts"]').uncheck()
    await page.locator('input[value="delete:contacts"]').uncheck()
    await askAgain(page)
    await page.locator('#login').click()
    await page.getByRole('heading', { name: /Log in/ }).waitFor()
    await shoot(page, 'login')
    await logIn(page, 'ada@example.com', 'wrong password')
    await page.getByRole('alert').waitFor()
    await shoot(page, 'login-wrong-password')
    await page.locator('input[name=password]').fill('Analytical-Engine-1843')
    await page.locator('button[value=login]').click()
    await page.locator('button[value=accept]').waitFor()
    await shoot(page, 'consent')
    await page.getByText('Read your contacts').waitFor()
    await page.locator('button[value=accept]').click()

    await page.locator('#call-read').waitFor()
    await shoot(page, 'demo-tokens')
    await page.locator('#call-read').click()
    await page.locator('#result', { hasText: /200/ }).waitFor()
    await page.locator('#call-create').click()
    await page.locator('#result', { hasText: /403[\s\S]*insufficient_scope/ }).waitFor()
    await shoot(page, 'demo-insufficient-scope')
    await page.locator('#userinfo').click()
    await page.locator('#result', { hasText: /Ada Lovelace/ }).waitFor()
    await page.locator('#refresh').click()
    await page.locator('#result', { hasText: /refresh_token/ }).waitFor()
    // Logging out of the application ends the session at the authorization server too.
    await page.locator('#logout').click()
    await page.getByRole('heading', { name: 'Watch OAuth at work' }).waitFor()
    await page.locator('#login').click()
    await page.getByRole('heading', { name: /Log in/ }).waitFor()
    await page.context().close()
  })

  test(`declining and a broken request end on pages that say what to do at ${width} px`, async () => {
    const page = await example.newPage(width)
    await page.goto(example.url(1))
    await askAgain(page)
    await page.locator('#login').click()
    await logIn(page, 'ada@example.com', 'Analytical-Engine-1843')
    await page.locator('button[value=deny]').click()
    await page.getByText('access_denied').first().waitFor()
    await shoot(page, 'demo-declined')
    await page.goto(example.url(0, '/authorize?client_id=contacts-demo&redirect_uri=https://evil.example/'))
    await page.getByText('could not be accepted').first().waitFor()
    await shoot(page, 'error')
    await page.goto(example.url(0, '/nowhere'))
    await shoot(page, 'not-found')
    await page.context().close()
  })
}

// One user at two widths: the first one's consent would be remembered.
async function askAgain(page: Page): Promise<void> {
  await page.locator('input[name=consent]').check()
}
