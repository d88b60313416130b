import { type Content, type Html, html, safeUrl } from './html.ts'
import { displayName, layout, textsOf, tile } from './layout.ts'
import type { Locale } from './locales/locale.ts'
import type { ApplicationsPage, ListedAccess, ListedApplication } from './models.ts'
import { personChip } from './person.ts'

/**
 * Shows an owner what was granted to whom. Each application has a form: `csrf_token`, `client_id` and `action=revoke`, behind
 * a fold that says what it does. `action=switch_account` comes from a form of its own.
 */
export function applicationsPage(model: ApplicationsPage): Html {
  const texts = textsOf(model).applications
  const logout = safeUrl(model.logout)
  return layout(model, {
    title: texts.title,
    body: html`${model.removed !== undefined && html`<p class="notice" role="status">${texts.removed(displayName(model.removed))}</p>`}
${personChip(model)}
${
  model.applications.length === 0
    ? html`<p class="lead">${texts.none}</p>`
    : html`<p class="lead">${texts.text}</p>
<ul class="granted">
${model.applications.map((application) => applicationItem(model, application))}
</ul>`
}
${logout !== '#' && html`<p><a href="${logout}">${textsOf(model).logout.submit}</a></p>`}`,
  })
}

function applicationItem(model: ApplicationsPage, listed: ListedApplication): Html {
  const texts = textsOf(model).applications
  const name = displayName(listed.application.name)
  return html`<li>
<div class="card">${tile(name, listed.application.logoUri)}
<div><h2>${name}</h2>${listed.staysConnected && html`<p class="hint">${texts.staysConnected}</p>`}</div></div>
${listed.access.map((access) => accessList(model, access))}
<form method="post" action="${model.action}">
<input type="hidden" name="csrf_token" value="${model.csrfToken}">
<input type="hidden" name="client_id" value="${listed.clientId}">
<details>
<summary>${texts.revoke(name)}</summary>
<p class="hint">${texts.effect(name)}${delayOf(model, listed)}</p>
<p><button class="primary" type="submit" name="action" value="revoke">${texts.confirm}</button></p>
</details>
</form>
</li>
`
}

function delayOf(model: ApplicationsPage, { tokensLiveSeconds }: ListedApplication): Content {
  if (tokensLiveSeconds === undefined) return undefined
  return ` ${textsOf(model).applications.delay(duration(tokensLiveSeconds, model.locale))}`
}

function accessList(model: ApplicationsPage, { apiName, scopes, grantedAt }: ListedAccess): Html {
  const texts = textsOf(model)
  const heading = apiName === undefined ? texts.applications.identity : displayName(apiName)
  return html`<h3>${heading}</h3>
${
  scopes.length > 0 &&
  html`<ul>
${scopes.map(({ value, description }) => scopeItem(value, description ?? wordsFor(value, texts.consent.scopes)))}
</ul>`
}
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

// Rounded up: the owner is told no less than the truth.
function duration(seconds: number, locale: Locale): string {
  const [unit, length] =
    seconds < 2 * 3600
      ? (['minute', 60] as const)
      : seconds < 2 * 86_400
        ? (['hour', 3600] as const)
        : (['day', 86_400] as const)
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const
  return new Intl.NumberFormat(locale, style).format(Math.ceil(seconds / length))
}
