import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begin, discover, finish } from '@valetkey-examples/shared/code-flow'
import { logIn, shoot, stage, widths } from '@valetkey-examples/shared/drive'
import type { Page } from 'playwright-core'

const example = stage(import.meta.dirname)

for (const width of widths) {
  test(`the aggregator reads with the owner's consent and loses access when it is revoked, at ${width} px`, async () => {
    const page = await example.newPage(width)
    await page.goto(example.url(1))
    await shoot(page, 'finance-home')
    await page.getByRole('button', { name: 'Connect Harbour Bank' }).click()
    await logIn(page, 'ada@example.com', 'Analytical-Engine-1843')
    assert.match(
      await page.locator('form', { has: page.locator('button[value=accept]') }).innerText(),
      /balance/,
    )
    await shoot(page, 'finance-consent')
    await page.locator('button[value=accept]').click()

    assert.equal(await page.locator('#balance').innerText(), '€1,859.45')
    assert.match(await page.locator('#transactions').innerText(), /Punched cards/)
    await shoot(page, 'finance-account')
    // Three tabs at once, and the access goes on.
    await Promise.all([1, 2, 3].map(() => page.request.get(example.url(1))))
    await page.getByRole('button', { name: 'Read again' }).click()
    await page.locator('#balance').waitFor()

    // The owner's page at the bank, in the same browser.
    await page.getByRole('link', { name: 'at your bank' }).click()
    await page.getByText('Pennywise').first().waitFor()
    await shoot(page, 'finance-revoke')
    await page.getByText('Remove access of Pennywise').click()
    await shoot(page, 'finance-revoke-open')
    await page.locator('button[value=revoke]').first().click()
    await page.getByText('Pennywise has no access any more').waitFor()
    await shoot(page, 'finance-removed')
    await page.goto(example.url(1))
    assert.match(await page.getByRole('status').innerText(), /does not let Pennywise in any more/)
    assert.equal(await page.locator('#balance').count(), 0)
    await shoot(page, 'finance-revoked')
    await page.context().close()
  })
}

test('what the owner leaves out stays out, and who declines shares nothing', async () => {
  const page = await example.newPage()
  await page.goto(example.url(1))
  await page.getByRole('button', { name: 'Connect Harbour Bank' }).click()
  await logIn(page, 'ada@example.com', 'Analytical-Engine-1843')
  await page.locator('button[value=deny]').click()
  assert.match(await page.getByRole('status').innerText(), /got nothing/)
  await page.getByRole('button', { name: 'Connect Harbour Bank' }).click()
  await page.locator('input[value="read:transactions"]').uncheck()
  await page.locator('button[value=accept]').click()
  await page.locator('#balance').waitFor()
  assert.match(await page.locator('.result').innerText(), /did not allow/)
  await page.getByRole('button', { name: 'Disconnect' }).click()
  await page.getByRole('heading', { name: 'All your money on one page' }).waitFor()
  await page.context().close()
})

/** An access token as Pennywise gets it, in the hands of the test. */
async function aKeptToken(page: Page): Promise<string> {
  const redirectUri = example.url(1, '/callback')
  const server = await discover({
    issuer: example.url(0),
    clientId: 'pennywise',
    clientSecret: 'published-secret-of-the-pennywise-example',
  })
  const { url, ...pending } = await begin(server, {
    redirectUri,
    audience: 'https://bank.example/accounts',
    scope: 'openid read:balance',
  })
  url.searchParams.set('prompt', 'consent')
  await page.goto(url.href)
  await logIn(page, 'ada@example.com', 'Analytical-Engine-1843')
  // Pennywise did not begin this login, so it leaves the code alone.
  const answered = page.waitForRequest((request) => request.url().startsWith(redirectUri))
  await page.locator('button[value=accept]').click()
  const finished = await finish(server, new URL((await answered).url()), pending)
  return finished.kind === 'granted' ? finished.tokens.access_token : assert.fail(finished.error)
}

test('RFC 7009 §2.1: a token that was kept is worth nothing at the bank as soon as its owner ends the access', async () => {
  const page = await example.newPage()
  const authorization = `Bearer ${await aKeptToken(page)}`
  const balance = () => fetch(example.url(2, '/balance'), { headers: { authorization } })
  assert.equal((await balance()).status, 200)
  await page.goto(example.url(0, '/account/applications'))
  await page.getByText('Remove access of Pennywise').click()
  await page.locator('button[value=revoke]').first().click()
  await page.getByText('Pennywise has no access any more').waitFor()
  const refused = await balance()
  assert.equal(refused.status, 401)
  assert.match(refused.headers.get('www-authenticate') ?? '', /error="invalid_token"/)
  await page.context().close()
})
