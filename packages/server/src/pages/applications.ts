import { type Content, type Html, html } from './html.ts'
import { displayName, layout, textsOf, tile } from './layout.ts'
import type { Locale } from './locales/locale.ts'
import type { ApplicationsPage, ListedAccess, ListedApplication } from './models.ts'

/** Shows an owner what was granted to whom. Each application has a form: `csrf_token`, `client_id` and `action=revoke`. */
export function applicationsPage(model: ApplicationsPage): Html {
  const texts = textsOf(model).applications
  const email = model.user.email !== model.user.name && model.user.email
  return layout(model, {
    title: texts.title,
    stub: html`<div class="application">
${tile(displayName(model.user.name), model.user.picture)}
<p><span class="caption">${textsOf(model).consent.loggedInAs}</span> <strong>${displayName(model.user.name)}</strong>${email && html` <span class="caption">${email}</span>`}</p>
</div>`,
    body:
      model.applications.length === 0
        ? html`<p class="lead">${texts.none}</p>`
        : html`<p class="lead">${texts.text}</p>
<ul class="granted">
${model.applications.map((application) => applicationItem(model, application))}
</ul>`,
  })
}

function applicationItem(model: ApplicationsPage, listed: ListedApplication): Html {
  const texts = textsOf(model).applications
  const name = displayName(listed.application.name)
  return html`<li>
<div class="chip">${tile(name, listed.application.logoUri)}
<div><h2>${name}</h2>${listed.staysConnected && html`<p class="hint">${texts.staysConnected}</p>`}</div></div>
${listed.access.map((access) => accessList(model, access))}
<form method="post" action="${model.action}">
<input type="hidden" name="csrf_token" value="${model.csrfToken}">
<input type="hidden" name="client_id" value="${listed.clientId}">
<button class="secondary" type="submit" name="action" value="revoke">${texts.revoke(name)}</button>
</form>
</li>
`
}

function accessList(model: ApplicationsPage, { apiName, scopes, grantedAt }: ListedAccess): Html {
  const texts = textsOf(model)
  const heading = apiName === undefined ? texts.applications.identity : displayName(apiName)
  return html`<h3>${heading}</h3>
<ul>
${scopes.map(({ value, description }) => scopeItem(value, description ?? wordsFor(value, texts.consent.scopes)))}
</ul>
<p class="hint">${texts.applications.allowedOn(longDate(grantedAt, model.locale))}</p>
`
}

function scopeItem(value: string, words: string | undefined): Content {
  return html`<li>${words !== undefined && html`${words} `}<code>${value}</code></li>
`
}

function wordsFor(value: string, known: Readonly<Record<string, string>>): string | undefined {
  return Object.hasOwn(known, value) ? known[value] : undefined
}

function longDate(epochSeconds: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(epochSeconds * 1000)
}
