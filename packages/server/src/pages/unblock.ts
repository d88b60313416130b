import { type Html, html } from './html.ts'
import { layout, textsOf } from './layout.ts'
import type { UnblockPage } from './models.ts'

/** Asks the owner of a locked account whether to open it again: a button does it, not the visit of a program that checks links. */
export function unblockPage(model: UnblockPage): Html {
  const texts = textsOf(model).unblock
  return layout(model, {
    title: texts.title,
    body: html`<p class="lead">${texts.text}</p>
<form method="post" action="${model.action}">
<input type="hidden" name="csrf_token" value="${model.csrfToken}">
<button class="primary" type="submit" name="action" value="unblock">${texts.submit}</button>
</form>`,
  })
}
