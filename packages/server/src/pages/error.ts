import { type Content, type Html, html } from './html.ts'
import { layout, textsOf } from './layout.ts'
import type { ErrorPage } from './models.ts'

/** Says what went wrong: first to the person who sees it, then to the developer who has to repair it. */
export function errorPage(model: ErrorPage): Html {
  const texts = textsOf(model).error
  const { title, text } = texts.kinds[model.kind]
  return layout(model, {
    title,
    stub: html`<p class="number"><span class="caption">${texts.requestId}</span> <code>${model.requestId}</code></p>`,
    body: html`<p class="lead">${text}</p>
${forDevelopers(model)}`,
  })
}

function forDevelopers(model: ErrorPage): Content {
  const texts = textsOf(model).error
  const details = [
    detail(texts.code, model.error && html`<code>${model.error}</code>`),
    detail(texts.description, model.description),
    detail(texts.clause, model.clause),
    detail(texts.help, model.help),
  ].filter((row) => row !== undefined)
  if (details.length === 0) return undefined
  return html`<section class="developers" aria-labelledby="developers">
<h2 id="developers">${texts.forDevelopers}</h2>
<dl>
${details}
</dl>
</section>`
}

/** The details are in English in every language, and say so (WCAG 2.2 §3.1.2). */
function detail(name: string, value: Content): Html | undefined {
  return value ? html`<div><dt>${name}</dt><dd lang="en">${value}</dd></div>\n` : undefined
}
