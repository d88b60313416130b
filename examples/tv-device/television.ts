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

/** What the screen shows. One television, one screen: there is no browser session. */
type Screen =
  | { readonly kind: 'off' }
  | { readonly kind: 'code'; readonly codes: oidc.DeviceAuthorizationResponse }
  | { readonly kind: 'owned'; readonly owner: string }
  | { readonly kind: 'ended'; readonly why: string }

const frame: Frame = {
  name: 'Lantern',
  color: '#1f2a5c',
  foot: 'An example application without a keyboard: all typing happens on a telephone.',
}
const endings: Readonly<Record<string, string>> = {
  access_denied: 'Somebody said no on the telephone.',
  expired_token: 'Nobody used the code in time.',
}

export function television(options: TelevisionOptions): Hono {
  let screen: Screen = { kind: 'off' }
  const app = createSite(frame)
  app.get('/', (c) => sendPage(c, frame, pageOf(screen)))
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
    return { kind: 'owned', owner: String(tokens.claims()?.name ?? 'you') }
  } catch (error) {
    const code = error instanceof oidc.ResponseBodyError ? error.error : ''
    return { kind: 'ended', why: endings[code] ?? 'The server does not answer.' }
  }
}

function pageOf(screen: Screen): Parameters<typeof sendPage>[2] {
  switch (screen.kind) {
    case 'off':
      return {
        title: 'Good evening',
        body: html`<section class="screen"><h1>Good evening</h1><p class="lead">Log in with your telephone, and watch what you bought.</p>${button('/start', 'Log in')}</section>`,
      }
    case 'code':
      return codePage(screen.codes)
    case 'owned':
      return {
        title: `Welcome, ${screen.owner}`,
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

function codePage(codes: oidc.DeviceAuthorizationResponse): Parameters<typeof sendPage>[2] {
  const { user_code, verification_uri, verification_uri_complete = verification_uri } = codes
  return {
    title: 'Log in with your telephone',
    head: html`<meta http-equiv="refresh" content="2">`,
    body: html`<section class="screen"><h1>Log in with your telephone</h1>
<div class="device"><div class="qr" role="img" aria-label="QR code of the address">${safe(renderSVG(verification_uri_complete, { border: 2 }))}</div>
<div><p class="lead">Scan the code, or open</p><p><code class="address">${verification_uri}</code></p>
<p class="lead">and make sure that it shows</p><p class="figure" id="code">${user_code}</p></div></div></section>`,
  }
}
