import { type Html, html } from './html.ts'
import { layout, problemBox, textsOf } from './layout.ts'
import type { ActivatePage } from './models.ts'

/** Asks for the code that a device shows (RFC 8628 §3.3). Posts `csrf_token`, `user_code` and `action=continue`. */
export function activatePage(model: ActivatePage): Html {
  const texts = textsOf(model).device
  const problem = model.problem && texts.problems[model.problem]
  const numeric = model.isNumeric && html` inputmode="numeric"`
  const invalid = model.problem === 'unknown_code' && html` aria-invalid="true"`
  return layout(model, {
    title: texts.title,
    hasProblem: problem !== undefined,
    body: html`<p class="lead">${texts.text}</p>
${problemBox(problem)}
<form method="post" action="${model.action}">
<input type="hidden" name="csrf_token" value="${model.csrfToken}">
<div class="field">
<label for="user-code">${texts.code}</label>
<input id="user-code" name="user_code" type="text" value="${model.userCode ?? ''}" autocomplete="one-time-code" autocapitalize="characters" autocorrect="off" spellcheck="false" maxlength="20" required${numeric}${invalid} aria-describedby="user-code-hint${problem !== undefined && ' problem'}" autofocus>
<p class="hint" id="user-code-hint">${texts.codeHint}</p>
</div>
<p class="hint">${texts.warning}</p>
<button class="primary" type="submit" name="action" value="continue">${texts.submit}</button>
</form>`,
  })
}
