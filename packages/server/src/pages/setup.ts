import { type Html, html } from './html.ts'
import { displayName, layout, problemBox, textsOf } from './layout.ts'
import type { SetupPage } from './models.ts'

/** Creates the first administrator. Posts `csrf_token`, `username` (an email address), `password`, `password_again` and `action=setup`. */
export function setupPage(model: SetupPage): Html {
  const texts = textsOf(model).setup
  const problem = model.problem && texts.problems[model.problem]
  return layout(model, {
    title: texts.title,
    hasProblem: problem !== undefined,
    body: html`<p class="lead">${texts.text(displayName(model.tenant.friendlyName))}</p>
${problemBox(problem)}
<form method="post" action="${model.action}">
<input type="hidden" name="csrf_token" value="${model.csrfToken}">
${account(model)}
<button class="primary" type="submit" name="action" value="setup">${texts.submit}</button>
</form>`,
  })
}

function account(model: SetupPage): Html {
  const texts = textsOf(model).setup
  const wrongEmail =
    model.problem === 'invalid_email' && html` aria-invalid="true" aria-describedby="problem"`
  const wrongPassword = model.problem === 'weak_password' || model.problem === 'passwords_differ'
  const invalid = wrongPassword && html` aria-invalid="true"`
  return html`<div class="field">
<label for="username">${texts.email}</label>
<input id="username" name="username" type="email" value="${model.email ?? ''}" autocomplete="username" required${wrongEmail}>
</div>
<div class="field">
<label for="password">${texts.password}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" required${invalid} aria-describedby="password-hint${wrongPassword && ' problem'}">
<p class="hint" id="password-hint">${texts.passwordHint}</p>
</div>
<div class="field">
<label for="password-again">${texts.passwordAgain}</label>
<input id="password-again" name="password_again" type="password" autocomplete="new-password" minlength="12" required${invalid}${wrongPassword && html` aria-describedby="problem"`}>
</div>`
}
