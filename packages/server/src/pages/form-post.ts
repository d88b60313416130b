import { type Html, html } from './html.ts'
import { layout, textsOf } from './layout.ts'
import type { FormPostPage } from './models.ts'

/** Submits the page's only form at once; the button serves where scripts are off (OAuth 2.0 Form Post Response Mode §2). */
export const formPostScript = 'document.forms[0].submit()'

/** A page that posts an authorization response to the redirection URI, whatever its scheme. */
export function formPostPage(model: FormPostPage): Html {
  const texts = textsOf(model).formPost
  return layout(model, {
    title: texts.title,
    body: html`<form method="post" action="${model.action}">
${model.parameters.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<noscript><p class="lead">${texts.text}</p><p class="actions"><button class="primary" type="submit">${texts.submit}</button></p></noscript>
</form>`,
    script: formPostScript,
  })
}
