import { type Html, html } from './html.ts'
import { displayName, textsOf, tile } from './layout.ts'
import type { Frame, Person } from './models.ts'

/**
 * Who is logged in, and a way out for somebody else. A form of its own, so that the Enter key elsewhere can never mean
 * "switch account": posts `csrf_token` and `action=switch_account`.
 */
export function personChip(
  model: Frame & { readonly user: Person; readonly action: string; readonly csrfToken: string },
): Html {
  const texts = textsOf(model).consent
  const name = displayName(model.user.name)
  const email = model.user.email !== model.user.name && model.user.email
  return html`<form class="chip" method="post" action="${model.action}">
<input type="hidden" name="csrf_token" value="${model.csrfToken}">
${tile(name, model.user.picture)}
<p><span class="caption">${texts.loggedInAs}</span> <strong>${name}</strong>${email && html` <span class="email">${email}</span>`}</p>
<button class="quiet" type="submit" name="action" value="switch_account">${texts.notYou}</button>
</form>`
}
