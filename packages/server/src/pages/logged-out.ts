import { type Html, html, safeUrl } from './html.ts'
import { layout, textsOf } from './layout.ts'
import type { LoggedOutPage } from './models.ts'

/** How long applications get to end their sessions before the browser goes on, in seconds. */
const framesLoadSeconds = 2

/** Says that the session ended; tells applications in frames (OpenID Connect Front-Channel Logout §3) and then goes on. */
export function loggedOutPage(model: LoggedOutPage): Html {
  const texts = textsOf(model).loggedOut
  return layout(model, {
    title: texts.title,
    ...(model.returnTo !== undefined && { goOn: { url: model.returnTo, afterSeconds: framesLoadSeconds } }),
    body: html`<p class="lead">${texts.text}</p>
${model.returnTo !== undefined && html`<p><a href="${safeUrl(model.returnTo)}">${texts.goOn}</a></p>`}
${model.frames.map((url) => html`<iframe hidden title="${texts.title}" aria-hidden="true" src="${safeUrl(url)}"></iframe>`)}`,
  })
}
