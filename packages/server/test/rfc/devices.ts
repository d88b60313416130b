// What the tests of RFC 8628 share: a device, and the owner with a browser.
import assert from 'node:assert/strict'
import type { TenantSettings } from '../../src/domain/tenant.ts'
import type { Shown, TestBrowser, TestClient, TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { credentials, form, type Given, granted, pageOf, token } from './requests.ts'

export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

/** The answer of the device authorization endpoint (RFC 8628 §3.2). */
export interface DeviceCodes {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
  readonly expires_in: number
  readonly interval: number
}

export function aDeviceClient(
  server: TestServer,
  given: { readonly name?: string } = {},
): Promise<TestClient> {
  return server.aClient({
    name: 'Television',
    applicationType: 'native',
    tokenEndpointAuthMethod: 'none',
    grantTypes: [deviceGrantType, 'refresh_token'],
    ...given,
  })
}

export function requestCodes(server: TestServer, client: TestClient, given: Given = {}): Promise<Response> {
  const body = form({ ...credentials(client), scope: 'openid offline_access', ...given })
  return server.fetch(`${server.issuer}oauth/device/code`, { method: 'POST', body })
}

export async function codesFor(
  server: TestServer,
  client: TestClient,
  given: Given = {},
): Promise<DeviceCodes> {
  const answer: object = await granted(await requestCodes(server, client, given))
  return answer as DeviceCodes
}

export function poll(
  server: TestServer,
  client: TestClient,
  deviceCode: string,
  given: Given = {},
): Promise<Response> {
  const parameters = { grant_type: deviceGrantType, ...credentials(client), device_code: deviceCode }
  return token(server, { ...parameters, ...given })
}

/** Enters a code at the page that the device names, and answers what comes next. */
export async function enter(server: TestServer, browser: TestBrowser, userCode: string): Promise<Shown> {
  const page = await browser.open(`${server.issuer}activate`)
  return browser.submit(page, { user_code: userCode, action: 'continue' })
}

/** The owner enters the code and logs in where asked, up to the page that asks for consent. */
export async function toConsent(
  server: TestServer,
  browser: TestBrowser,
  user: TestUser,
  userCode: string,
): Promise<Shown> {
  let shown = await enter(server, browser, userCode)
  if (pageOf(shown) === '/u/login') shown = await browser.logIn(shown, user)
  assert.equal(pageOf(shown), '/u/consent', shown.html)
  return shown
}

export async function approve(server: TestServer, user: TestUser, userCode: string): Promise<Shown> {
  const browser = server.browser()
  return browser.allow(await toConsent(server, browser, user, userCode))
}

/** Changes what the tenant says about codes of devices; nothing brings the defaults back. */
export async function setCodes(
  server: TestServer,
  codes: Pick<TenantSettings, 'deviceFlow' | 'deviceCodeLifetimeSeconds'> = {},
): Promise<void> {
  const [tenant] = (await server.store.tenants.list({ limit: 1 })).items
  assert.ok(tenant)
  const { deviceFlow: _, deviceCodeLifetimeSeconds: __, ...settings } = tenant.settings
  await server.store.tenants.update({ ...tenant, settings: { ...settings, ...codes } })
}
