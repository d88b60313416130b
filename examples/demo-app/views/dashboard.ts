import { type Content, type Html, html } from '@valetkey-examples/shared/html'
import { apiCalls } from '../resource.ts'
import type { Login, Result, Session } from '../session.ts'
import { layout } from './layout.ts'
import { resultView } from './result.ts'
import { scopeForm } from './scope-form.ts'
import { steps, stepTitles } from './steps.ts'

interface Dashboard {
  readonly session: Session
  readonly login: Login
  readonly issuer: string
  readonly apiUrl: string
}

/** The page after a login: what the token can do, and how the application got it. */
export function dashboardPage(model: Dashboard): Html {
  const { identity, tokens } = model.login
  const { flow, result } = model.session
  return layout(
    identity.name,
    html`<div class="welcome">
<h1>Hello, ${identity.name}</h1>
<p class="lead">The application knows who you are and holds an access token for the Contacts API. Try what it opens.</p>
</div>
<section class="now" aria-labelledby="now">
<div class="panel">
<h2 id="now"><span class="number" aria-hidden="true">6</span> ${stepTitles[5]}</h2>
${apiCalls.map((call) => callButton(call, absence(call.scope, model), model.session))}
<h3 class="minor">At the authorization server</h3>
<form method="post" action="/userinfo"><button id="userinfo" type="submit"><span>UserInfo</span><code>openid</code></button></form>
${refreshButton(model)}
<details class="again"><summary>Log in again with other scopes</summary>${scopeForm('Log in again', flow?.askedScopes, hasDeclined(model))}</details>
</div>
<div class="result" id="result" aria-live="polite">${resultOrHint(result, tokens.scopes, model.apiUrl)}</div>
</section>
${flow && html`<section class="history" aria-labelledby="history"><h2 id="history">How the application got here</h2>${steps(flow, model.issuer, tokens.scopes)}</section>`}`,
    html`<form method="post" action="/logout"><button class="quiet" id="logout" type="submit">Log out</button></form>`,
  )
}

/** Why the access token does not open something; `undefined` when it does. */
function absence(scope: string, { session, login }: Dashboard): string | undefined {
  if (login.tokens.scopes.includes(scope)) return undefined
  return session.flow?.askedScopes.includes(scope) ? 'not allowed by you' : 'not asked for'
}

// Only a new question can give what was declined: the owner's answer is remembered.
function hasDeclined({ session, login }: Dashboard): boolean {
  return session.flow?.askedScopes.some((scope) => !login.tokens.scopes.includes(scope)) ?? false
}

function callButton(call: (typeof apiCalls)[number], missing: string | undefined, session: Session): Html {
  const title =
    call.action === 'delete' && session.lastContact ? `Delete ${session.lastContact.name}` : call.title
  return html`<form method="post" action="/call"><input type="hidden" name="action" value="${call.action}">
<button id="call-${call.action}" type="submit"><span>${title}</span><code>${call.scope}</code>${missing !== undefined && html`<em>${missing}</em>`}</button></form>
`
}

function refreshButton(model: Dashboard): Content {
  const { tokens, refreshEnded = false } = model.login
  if (refreshEnded) {
    return html`<p class="hint">The refresh token has ended: it was revoked, it ran out, or it came twice. Log in again to get a new one.</p>`
  }
  if (tokens.refreshToken === undefined) {
    return html`<p class="hint">No refresh token: <code>offline_access</code> was ${absence('offline_access', model) ?? 'not granted'}.</p>`
  }
  return html`<form method="post" action="/refresh"><button id="refresh" type="submit"><span>Refresh the tokens</span><code>offline_access</code></button></form>`
}

function resultOrHint(result: Result | undefined, scopes: readonly string[], apiUrl: string): Content {
  if (result) return resultView(result)
  const chips = scopes.map((scope) => html`<li class="chip"><code>${scope}</code></li>`)
  return html`<h3>Your access token</h3>
<p>It opens what you allowed, and nothing else:</p>
<ul class="chips">${chips}</ul>
<p class="hint">The API at <code>${new URL(apiUrl).host}</code> has not been called yet. Press a button, and the request and the answer appear here. A call that you did not allow is worth trying too.</p>`
}
