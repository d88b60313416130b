import { type Content, type Html, html } from './html.ts'
import { applicationOnStub, displayName, layout, legalLinks, textsOf } from './layout.ts'
import type { OpenIdScope } from './locales/messages.ts'
import type { ConsentPage, ConsentScope } from './models.ts'
import { personChip } from './person.ts'

/**
 * Asks the owner which of the asked scopes the application may have (RFC 6749 §3.3). Posts `csrf_token`, one `scope` for
 * each scope that is left checked, and `action`: `accept` or `deny`, or `switch_account` from a form of its own.
 */
export function consentPage(model: ConsentPage): Html {
  const texts = textsOf(model)
  const name = displayName(model.application.name)
  const tenantName = displayName(model.tenant.friendlyName)
  const asks =
    model.apiName === undefined
      ? texts.consent.asksForIdentity(name)
      : texts.consent.asksForApi(name, displayName(model.apiName))
  return layout(model, {
    title: texts.consent.title(name),
    stub: html`${applicationOnStub(model.application, texts.application)}
<p class="origin">${model.isFirstParty ? texts.consent.firstParty(tenantName) : texts.consent.thirdParty(tenantName)}</p>`,
    body: html`<p class="lead">${asks}</p>
${deviceNotice(model)}
${personChip(model)}
${permissions(model)}
${legalLinks(model.application, texts)}`,
  })
}

/** RFC 8628 §5.4: somebody may have sent the link to let a device of their own in. */
function deviceNotice(model: ConsentPage): Content {
  if (model.answerTo.kind !== 'device') return undefined
  const texts = textsOf(model).device
  return html`<div class="device" role="note">
<p><span class="caption">${texts.shows}</span> <code>${model.answerTo.userCode}</code></p>
<p class="hint">${texts.warning}</p>
</div>`
}

function permissions(model: ConsentPage): Html {
  const texts = textsOf(model).consent
  const optional = model.scopes.some((scope) => !scope.required)
  return html`<form method="post" action="${model.action}">
<input type="hidden" name="csrf_token" value="${model.csrfToken}">
${
  model.scopes.length > 0 &&
  html`<fieldset${optional && html` aria-describedby="choose"`}>
<legend>${texts.permissions}</legend>
${optional && html`<p class="hint" id="choose">${texts.choose}</p>`}
<ul class="scopes">
${model.scopes.map((scope, index) => scopeRow(model, scope, `scope-${index}`))}
</ul>
</fieldset>`
}
${model.answerTo.kind === 'host' && html`<p class="sent-to">${texts.sentTo} <code>${model.answerTo.host}</code></p>`}
<div class="actions">
<button class="primary" type="submit" name="action" value="accept">${texts.accept}</button>
<button class="secondary" type="submit" name="action" value="deny">${texts.deny}</button>
</div>
</form>`
}

function scopeRow(model: ConsentPage, scope: ConsentScope, id: string): Html {
  const texts = textsOf(model).consent
  const words = scope.description ?? (isOpenIdScope(scope.value, texts.scopes) && texts.scopes[scope.value])
  // A disabled checkbox is not submitted, so a required scope travels in a hidden input.
  const box: Content = scope.required
    ? html`<input type="checkbox" id="${id}" checked disabled><input type="hidden" name="scope" value="${scope.value}">`
    : html`<input type="checkbox" id="${id}" name="scope" value="${scope.value}"${scope.checked && html` checked`}>`
  return html`<li>${box}<label for="${id}">${words && html`<span>${words}</span> `}<code>${scope.value}</code>${
    scope.required && html` <em>${texts.required}</em>`
  }</label></li>
`
}

function isOpenIdScope(value: string, known: Readonly<Record<OpenIdScope, string>>): value is OpenIdScope {
  return Object.hasOwn(known, value)
}
