// The television: it shows a code and a QR code, and asks the server every few seconds whether somebody used it.
import { html, safe } from '@valetkey-examples/shared/html'
import { button, createSite, type Frame, sendPage } from '@valetkey-examples/shared/page'
import type { Hono } from 'hono'
import * as oidc from 'openid-client'
import { renderSVG } from 'uqr'

export interface TelevisionOptions {
  readonly issuer: string
  readonly clientId: string
  readonly audience: string
}

/** A television that somebody logged in, for as long as its refresh token is good. */
interface Owned {
  readonly kind: 'owned'
  readonly owner: string
  readonly refreshToken: string
}

/** What the screen shows. One television, one screen: there is no browser session. */
type Screen =
  | { readonly kind: 'off' }
  | { readonly kind: 'code'; readonly codes: oidc.DeviceAuthorizationResponse }
  | Owned
  | { readonly kind: 'ended'; readonly why: string }

const frame: Frame = {
  name: 'Lantern',
  color: '#1f2a5c',
  foot: 'An example application without a keyboard: all typing happens on a telephone.',
}
const endings: Readonly<Record<string, string>> = {
  access_denied: 'Somebody said no on the telephone.',
  expired_token: 'Nobody used the code in time.',
  invalid_grant: 'Your access has ended: it was removed at the server, or it ran out.',
}

export function television(options: TelevisionOptions): Hono {
  let screen: Screen = { kind: 'off' }
  const app = createSite(frame)
  let look: Promise<void> | undefined
  app.get('/', async (c) => {
    // Windows that look at the same time share one look: a refresh token that is used twice is taken for stolen.
    look ??= lookAgain().finally(() => {
      look = undefined
    })
    await look
    return sendPage(c, frame, pageOf(screen, isLocal(options.issuer)))
  })
  async function lookAgain(): Promise<void> {
    const shown = screen
    if (shown.kind !== 'owned') return
    const next = await stillOwned(await discover(options), shown)
    if (screen === shown) screen = next
  }
  app.post('/start', async (c) => {
    const server = await discover(options)
    const codes = await oidc.initiateDeviceAuthorization(server, {
      audience: options.audience,
      scope: 'openid profile offline_access play:films',
    })
    const shown: Screen = { kind: 'code', codes }
    screen = shown
    void ownerOf(server, codes).then((next) => {
      // Unless somebody asked for a new code meanwhile.
      if (screen === shown) screen = next
    })
    return c.redirect('/', 303)
  })
  app.post('/forget', (c) => {
    screen = { kind: 'off' }
    return c.redirect('/', 303)
  })
  return app
}

function discover({ issuer, clientId }: TelevisionOptions): Promise<oidc.Configuration> {
  // A device that is sold in shops keeps no secret (RFC 8628 §5.6). Plain http is for this computer only.
  const execute = [oidc.allowInsecureRequests]
  return oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), { execute })
}

/** Polls at the pace that the server asks for, until the owner decided or the code is too old (RFC 8628 §3.4). */
async function ownerOf(server: oidc.Configuration, codes: oidc.DeviceAuthorizationResponse): Promise<Screen> {
  try {
    const tokens = await oidc.pollDeviceAuthorizationGrant(server, codes)
    const { refresh_token: refreshToken } = tokens
    if (refreshToken === undefined)
      return { kind: 'ended', why: 'You did not let the television stay logged in.' }
    return { kind: 'owned', owner: String(tokens.claims()?.name ?? 'you'), refreshToken }
  } catch (error) {
    return ended(error)
  }
}

/** A new token for each look, so that an access that was taken back is noticed (RFC 6749 §6). */
async function stillOwned(server: oidc.Configuration, owned: Owned): Promise<Screen> {
  try {
    const tokens = await oidc.refreshTokenGrant(server, owned.refreshToken)
    return { ...owned, refreshToken: tokens.refresh_token ?? owned.refreshToken }
  } catch (error) {
    return ended(error)
  }
}

function ended(error: unknown): Screen {
  const code = error instanceof oidc.ResponseBodyError ? error.error : ''
  return { kind: 'ended', why: endings[code] ?? 'The server does not answer.' }
}

/** Whether only this computer reaches the server. */
function isLocal(issuer: string): boolean {
  return /^(localhost|.+\.localhost|127\..*|\[::1\])$/.test(new URL(issuer).hostname)
}

function pageOf(screen: Screen, local: boolean): Parameters<typeof sendPage>[2] {
  switch (screen.kind) {
    case 'off':
      return {
        title: 'Good evening',
        body: html`<section class="screen"><h1>Good evening</h1><p class="lead">Log in with your telephone, and watch what you bought.</p>${button('/start', 'Log in')}</section>`,
      }
    case 'code':
      return codePage(screen.codes, local)
    case 'owned':
      return {
        title: `Welcome, ${screen.owner}`,
        head: html`<meta http-equiv="refresh" content="20">`,
        body: html`<section class="screen"><h1>Welcome, ${screen.owner}</h1><p class="lead">Tonight: <b>The Difference Engine</b>, part one.</p>${button('/forget', 'Log out', 'quiet')}</section>`,
      }
    case 'ended':
      return {
        title: 'Not logged in',
        body: html`<section class="screen"><h1>Not logged in</h1><p class="lead" role="status">${screen.why}</p>${button('/start', 'Try again')}</section>`,
      }
    default:
      return screen satisfies never
  }
}

function codePage(codes: oidc.DeviceAuthorizationResponse, local: boolean): Parameters<typeof sendPage>[2] {
  const { user_code, verification_uri, verification_uri_complete = verification_uri } = codes
  return {
    title: 'Log in with your telephone',
    head: html`<meta http-equiv="refresh" content="2">`,
    body: html`<section class="screen"><h1>Log in with your telephone</h1>
<div class="device"><div class="qr" role="img" aria-label="QR code of the address">${safe(renderSVG(verification_uri_complete, { border: 2 }))}</div>
<div><p class="lead">Scan the code, or open</p><p><code class="address">${verification_uri}</code></p>
<p class="lead">and make sure that it shows</p><p class="figure" id="code">${user_code}</p></div></div>
${local && html`<p>Only this computer opens this address: a telephone cannot. Open it in another window here, or start the example with <code>VALETKEY_PUBLIC_URL=https://…</code>, the address of a tunnel.</p>`}</section>`,
  }
}
