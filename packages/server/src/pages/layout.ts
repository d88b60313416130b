import { type Content, type Html, html, inlineScript, safeUrl } from './html.ts'
import { catalogue } from './locales/catalogue.ts'
import type { Messages } from './locales/messages.ts'
import type { ApplicationCard, Frame } from './models.ts'
import { stylesheetPath } from './stylesheet.ts'

interface Sheet {
  /** The only first-level heading, and the window's title. */
  readonly title: string
  /** Says in the window's title that something has to be corrected. */
  readonly hasProblem?: boolean
  /** Lower part of the coloured stub: who or what the page is about. */
  readonly stub?: Content
  readonly body: Content
  /** Where the browser goes on by itself. */
  readonly goOn?: { readonly url: string; readonly afterSeconds: number }
  /** A constant script that runs when the page is there. */
  readonly script?: string
}

/** A whole document: a ticket with a coloured stub and a white sheet, in the tenant's name, colours and language. */
export function layout(frame: Frame, sheet: Sheet): Html {
  const texts = textsOf(frame)
  const tenantName = displayName(frame.tenant.friendlyName)
  const problem = sheet.hasProblem ? `${texts.problem}: ` : ''
  return html`<!doctype html>
<html lang="${frame.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="same-origin">
<meta name="color-scheme" content="light dark">
<title>${problem}${sheet.title} · ${tenantName}</title>
${
  sheet.goOn &&
  html`<meta http-equiv="refresh" content="${sheet.goOn.afterSeconds};url=${sheet.goOn.url}">
`
}<link rel="icon" href="data:,">
<link rel="stylesheet" href="${stylesheetPath(frame.tenant.colors)}">
</head>
<body>
<div class="ticket">
<header class="stub">
<p class="brand">${tile(tenantName, frame.tenant.pictureUrl)}<span>${tenantName}</span></p>
${sheet.stub && html`<div class="about">${sheet.stub}</div>`}
</header>
<main class="sheet">
<h1>${sheet.title}</h1>
${sheet.body}
</main>
</div>
${support(frame, texts)}
${sheet.script !== undefined && inlineScript(sheet.script)}
</body>
</html>
`
}

export function textsOf(frame: Frame): Messages {
  return catalogue[frame.locale]
}

/** A name as it may be shown: without the control and direction characters that can disguise the text around it. */
export function displayName(name: string): string {
  return name.replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, '').trim()
}

/** The logo, or the first letter in its place. Decorative: the name always stands beside it. */
export function tile(name: string, logo: string | undefined): Html {
  const source = logo === undefined ? '#' : safeUrl(logo)
  if (source !== '#')
    return html`<img class="tile" src="${source}" alt="" width="48" height="48" referrerpolicy="no-referrer">`
  return html`<span class="tile" aria-hidden="true">${[...name][0]?.toLocaleUpperCase() ?? '•'}</span>`
}

/** The application on the stub. */
export function applicationOnStub(application: ApplicationCard, caption: string): Html {
  const name = displayName(application.name)
  return html`<div class="application">
${tile(name, application.logoUri)}
<p><span class="caption">${caption}</span> <strong>${name}</strong></p>
</div>`
}

/** What has to be corrected. Screen readers speak it at once; the inputs refer to it as `problem`. */
export function problemBox(text: string | undefined): Content {
  return text !== undefined && html`<p class="problem" id="problem" role="alert">${text}</p>`
}

/** A link that leaves the page open. */
export function externalLink(url: string, text: string, texts: Messages): Content {
  const target = safeUrl(url)
  if (target === '#') return undefined
  return html`<a href="${target}" target="_blank" rel="noopener noreferrer">${text}<span class="unseen"> (${texts.opensInNewTab})</span></a>`
}

/** Links to the application's policy and terms (OpenID Connect Registration §2). */
export function legalLinks({ policyUri, tosUri }: ApplicationCard, texts: Messages): Content {
  const policy = policyUri !== undefined && externalLink(policyUri, texts.consent.policy, texts)
  const terms = tosUri !== undefined && externalLink(tosUri, texts.consent.terms, texts)
  if (!policy && !terms) return undefined
  return html`<p class="legal">${policy} ${terms}</p>`
}

function support({ tenant }: Frame, texts: Messages): Content {
  const page = tenant.supportUrl !== undefined && externalLink(tenant.supportUrl, texts.contactSupport, texts)
  const mail =
    tenant.supportEmail !== undefined &&
    html`<a href="mailto:${encodeURIComponent(tenant.supportEmail).replace('%40', '@')}">${tenant.supportEmail}</a>`
  if (!page && !mail) return undefined
  return html`<footer class="support"><p>${texts.needHelp} ${page} ${mail}</p></footer>`
}
