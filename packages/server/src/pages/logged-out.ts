import { type Html, html, safeUrl } from './html.ts'
import { layout, textsOf } from './layout.ts'
import type { LoggedOutPage } from './models.ts'

/** How long applications get to end their sessions before the browser goes on, in seconds. */
const framesLoadSeconds = 2

/** Says that the session ended; tells applications in frames (OpenID Connect Front-Channel Logout §3) and then goes on. */
export function loggedOutPage(model: LoggedOutPage): Html {
  const texts = textsOf(model).loggedOut
  // The browser goes on to a private scheme by itself; as a link it could be anything.
  const link = safeUrl(model.returnTo ?? '')
  return layout(model, {
    title: texts.title,
    ...(model.returnTo !== undefined && { goOn: { url: model.returnTo, afterSeconds: framesLoadSeconds } }),
    body: html`<p class="lead">${model.returnTo === undefined ? texts.text : texts.goingOn}</p>
${link !== '#' && html`<p><a href="${link}">${texts.goOn}</a></p>`}
${model.frames.map((url) => html`<iframe hidden title="${texts.title}" aria-hidden="true" src="${safeUrl(url)}"></iframe>`)}`,
  })
}
