import { type Html, html } from './html.ts'
import { displayName, layout, textsOf } from './layout.ts'
import type { HomePage } from './models.ts'

/** Says what this address is, to a person and to a developer. */
export function homePage(model: HomePage): Html {
  const texts = textsOf(model).home
  return layout(model, {
    title: texts.title,
    body: html`<p class="lead">${texts.text(displayName(model.tenant.friendlyName))}</p>
<p><a href="${model.applications}">${texts.applications}</a></p>
<p class="hint">${texts.developers} <a href="${model.discovery}"><code>${model.discovery}</code></a></p>`,
  })
}
