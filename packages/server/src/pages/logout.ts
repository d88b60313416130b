import { type Html, html } from './html.ts'
import { layout, textsOf } from './layout.ts'
import type { LogoutPage } from './models.ts'

/** Asks whether the session shall end, where the request did not prove that it speaks of it. Posts `action`: `logout` or `stay`. */
export function logoutPage(model: LogoutPage): Html {
  const texts = textsOf(model).logout
  return layout(model, {
    title: texts.title,
    body: html`<p class="lead">${texts.text(model.user)}</p>
<form method="post" action="${model.action}">
<input type="hidden" name="csrf_token" value="${model.csrfToken}">
<input type="hidden" name="request" value="${model.request}">
<div class="actions">
<button class="primary" type="submit" name="action" value="logout">${texts.submit}</button>
<button class="secondary" type="submit" name="action" value="stay">${texts.stay}</button>
</div>
</form>`,
  })
}
