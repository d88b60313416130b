import { type Content, type Html, html } from '@valetkey-examples/shared/html'
import { requestLine } from '../exchange.ts'
import type { Flow } from '../session.ts'
import { httpMessage } from './http.ts'
import { tokenCards } from './token.ts'

export const stepTitles = [
  'Authorization request',
  'You log in and decide',
  'Authorization response',
  'Token request',
  'Token response',
  'API call',
] as const

/** Steps 1 to 5 as far as they were reached. `granted`: what the owner allowed. */
export function steps(flow: Flow, issuer: string, granted: readonly string[]): Html {
  return html`<ol class="steps">
${[
  authorizationRequest(flow, issuer),
  ownerDecides(flow, issuer, granted),
  authorizationResponse(flow),
  tokenRequest(flow),
  tokenResponse(flow),
]}
</ol>`
}

function step(number: 1 | 2 | 3 | 4 | 5, route: string, body: Content): Html {
  return html`<li class="step" id="step-${number}">
<div class="step-head"><span class="number" aria-hidden="true">${number}</span>
<h3>${stepTitles[number - 1] ?? ''}</h3>
<p class="route">${route}</p></div>
<div class="step-body">${body}</div>
</li>
`
}

const meanings: Readonly<Record<string, string>> = {
  response_type: 'asks for a code, which is worthless on its own',
  client_id: 'which application asks',
  redirect_uri: 'where the answer goes; it has to be registered',
  audience: 'the API that the token is for',
  scope: 'what the token shall be good for',
  state: 'ties the answer to this browser',
  nonce: 'ties the ID token to this login',
  code_challenge: 'hash of a secret that only this application knows (PKCE)',
  code_challenge_method: 'how the hash was made: SHA-256',
  prompt: 'shows the consent page even if you agreed before',
}

function authorizationRequest(flow: Flow, issuer: string): Html {
  const url = new URL(flow.authorizationUrl)
  const rows = [...url.searchParams.keys()].map(
    (name) => html`<div><dt><code>${name}</code></dt><dd>${meanings[name] ?? ''}</dd></div>`,
  )
  return step(
    1,
    `From your browser to ${hostOf(issuer)}`,
    html`<p>The application sent your browser away with a list of wishes. Nothing in it is secret.</p>
<div class="pair">
${httpMessage('Request', { start: requestLine('GET', url), headers: [['host', url.host]] })}
<dl class="meanings">${rows}</dl>
</div>`,
  )
}

function ownerDecides(flow: Flow, issuer: string, granted: readonly string[]): Html {
  const host = hostOf(issuer)
  const text = html`<p>Your password went to <code>${host}</code> and nowhere else. The application saw nothing of this step.</p>`
  const route = `Between you and ${host}`
  if (flow.refused) {
    const { error } = flow.refused
    return step(
      2,
      route,
      html`${text}<p class="verdict bad"><b>${refusals[error] ?? 'The request was refused.'}</b></p>`,
    )
  }
  if (granted.length === 0) return step(2, route, text)
  const chips = flow.askedScopes.map((scope) =>
    granted.includes(scope)
      ? html`<li class="chip"><code>${scope}</code> allowed</li>`
      : html`<li class="chip off"><code>${scope}</code> not allowed</li>`,
  )
  return step(2, route, html`${text}<ul class="chips">${chips}</ul>`)
}

const refusals: Readonly<Record<string, string>> = {
  access_denied: 'You declined. The application gets no token.',
  login_required: 'You would have had to log in.',
  consent_required: 'You would have had to agree.',
  invalid_scope: 'The application asked for something that does not exist.',
}

function authorizationResponse(flow: Flow): Html {
  const checks = [
    html`<li><code>state</code> is the one that this browser was sent away with.</li>`,
    flow.failure === undefined || flow.tokenExchange
      ? html`<li><code>iss</code> names the authorization server that was asked.</li>`
      : undefined,
    !flow.refused &&
      html`<li>The code went through the browser, but to use it takes two secrets that did not.</li>`,
  ]
  const refusal =
    flow.refused && html`<p class="verdict bad"><b>${flow.refused.error}</b> ${flow.refused.description}</p>`
  const failure =
    !flow.tokenExchange && flow.failure && html`<p class="verdict bad"><b>${flow.failure}</b></p>`
  return step(
    3,
    'From your browser to this application',
    html`${refusal}${failure}<div class="pair">
${httpMessage('Request', flow.callback)}
<ul class="checks">${checks}</ul>
</div>`,
  )
}

function tokenRequest(flow: Flow): Content {
  if (!flow.tokenExchange) return notReached(4)
  return step(
    4,
    'From this application to the authorization server, past the browser',
    html`<p>The application proves who it is with its client secret, and that the login was its own with the <code>code_verifier</code>.</p>
${httpMessage('Request', flow.tokenExchange.request)}`,
  )
}

function tokenResponse(flow: Flow): Content {
  if (!flow.tokenExchange) return notReached(5)
  const failure = flow.failure && html`<p class="verdict bad"><b>${flow.failure}</b></p>`
  return step(
    5,
    'From the authorization server to this application',
    html`${failure}${httpMessage('Response', flow.tokenExchange.response)}
${tokenCards(flow)}`,
  )
}

function notReached(number: 4 | 5): Html {
  return html`<li class="step off" id="step-${number}">
<div class="step-head"><span class="number" aria-hidden="true">${number}</span>
<h3>${stepTitles[number - 1] ?? ''}</h3>
<p class="route">not reached</p></div>
</li>
`
}

function hostOf(url: string): string {
  return new URL(url).host
}
