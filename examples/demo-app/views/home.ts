import { type Content, type Html, html } from '@valetkey-examples/shared/html'
import type { Session } from '../session.ts'
import { layout } from './layout.ts'
import { scopeForm } from './scope-form.ts'
import { steps, stepTitles } from './steps.ts'

/** The page before a login, or after one that did not succeed. */
export function homePage(model: { readonly session: Session | undefined; readonly issuer: string }): Html {
  const flow = model.session?.flow
  const title = flow ? 'You are not logged in' : 'Watch OAuth at work'
  return layout(
    title,
    html`<section class="ticket">
<div class="stub">
<p class="stub-title">Six steps</p>
<ol>${stepTitles.map((name) => html`<li>${name}</li>`)}</ol>
</div>
<div class="sheet">
<h1>${title}</h1>
${flow ? outcome(flow.refused?.error) : introduction(model.issuer)}
${scopeForm(flow ? 'Try again' : 'Log in', flow?.askedScopes)}
</div>
</section>
${flow && html`<section class="history" aria-labelledby="history"><h2 id="history">What happened</h2>${steps(flow, model.issuer, [])}</section>`}`,
  )
}

function introduction(issuer: string): Content {
  return html`<p class="lead">Your contacts live behind an API that opens for nobody without a token. Log in at <code>${new URL(issuer).host}</code>, decide what this application may do, and then see every message that was sent.</p>`
}

function outcome(error: string | undefined): Content {
  if (error === 'access_denied') {
    return html`<p class="lead" role="status">You declined, and the application respects it: it got an error in place of a code. Nothing was shared.</p>`
  }
  return html`<p class="lead" role="status">The login did not succeed. The steps below show how far it came and why it ended there.</p>`
}
