import { type Html, html } from './html.ts'
import { applicationOnStub, displayName, layout, legalLinks, problemBox, textsOf } from './layout.ts'
import type { LoginPage } from './models.ts'

/** Asks for a username and a password. Posts `csrf_token`, `username`, `password` and `action=login`. */
export function loginPage(model: LoginPage): Html {
  const texts = textsOf(model)
  const problem = model.problem && texts.login.problems[model.problem]
  return layout(model, {
    title:
      model.application === undefined
        ? texts.login.toAccount
        : texts.login.title(displayName(model.application.name)),
    hasProblem: problem !== undefined,
    ...(model.application && { stub: applicationOnStub(model.application, texts.application) }),
    body: html`${problemBox(problem)}
<form method="post" action="${model.action}">
<input type="hidden" name="csrf_token" value="${model.csrfToken}">
${credentials(model)}
<button class="primary" type="submit" name="action" value="login">${texts.login.submit}</button>
</form>
${model.application && legalLinks(model.application, texts)}`,
  })
}

function credentials(model: LoginPage): Html {
  const texts = textsOf(model).login
  const described = model.problem && html` aria-describedby="problem"`
  const wrong =
    (model.problem === 'wrong_credentials' || model.problem === 'missing_credentials') &&
    html` aria-invalid="true"`
  const focus = html` autofocus`
  return html`<div class="field">
<label for="username">${texts.username}</label>
<input id="username" name="username" type="text" value="${model.username ?? ''}" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" required${wrong}${described}${!model.username && focus}>
</div>
<div class="field">
<label for="password">${texts.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${wrong}${described}${Boolean(model.username) && focus}>
</div>`
}
