// An owner at the page of what was granted to whom.
import assert from 'node:assert/strict'
import type { Shown, TestBrowser, TestServer, TestUser } from '../../src/testkit/testkit.ts'

export interface Owner {
  readonly user: TestUser
  readonly browser: TestBrowser
}

export async function anOwner(server: TestServer, email: string): Promise<Owner> {
  return { user: await server.aUser({ email }), browser: server.browser() }
}

/** Opens the page and logs in where it asks for it. */
export async function openApplications(server: TestServer, { user, browser }: Owner): Promise<Shown> {
  const shown = await browser.open(`${server.issuer}account/applications`)
  return shown.html.includes('name="password"') ? browser.logIn(shown, user) : shown
}

/** Takes all access back from a client, which must be listed. */
export async function takeBack(server: TestServer, owner: Owner, clientId: string): Promise<Shown> {
  const shown = await openApplications(server, owner)
  const forms = shown.html.match(/<form[\s\S]*?<\/form>/g) ?? []
  const html = forms.find((one) => one.includes(`value="${clientId}"`))
  assert.ok(html, `${clientId} is not listed`)
  return owner.browser.submit({ ...shown, html }, { action: 'revoke' })
}

/** What a page says, without its markup. */
export function textOf({ html }: Shown): string {
  return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}
