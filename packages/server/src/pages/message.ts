import { type Html, html } from './html.ts'
import { layout, textsOf } from './layout.ts'
import type { MessagePage } from './models.ts'

/** A page with one message and nothing to do. */
export function messagePage(model: MessagePage): Html {
  const { title, text } = textsOf(model).message[model.message]
  return layout(model, { title, body: html`<p class="lead">${text}</p>` })
}
