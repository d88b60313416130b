import { type Content, type Html, html } from '@valetkey-examples/shared/html'
import type { Inspected } from '../session.ts'
import type { Inspection, Signature } from '../tokens.ts'

/** Both tokens side by side. */
export function tokenCards({ accessToken, idToken }: Inspected): Content {
  if (!accessToken && !idToken) return undefined
  return html`<div class="pair">
${accessToken && tokenCard('Access token', 'For the API. An application does not look inside; here it does so that you can.', accessToken)}
${idToken && tokenCard('ID token', 'For the application: who logged in, where, when and how.', idToken)}
</div>`
}

/** A token taken apart: the state of its signature, its header and its claims. */
function tokenCard(title: string, audience: string, token: Inspection): Html {
  if (token.kind === 'opaque') {
    return html`<article class="card token">
<p class="title">${title}</p>
<p class="for">${audience}</p>
<p>It is opaque: only the authorization server can read it.</p>
</article>`
  }
  return html`<article class="card token">
<p class="title">${title}</p>
<p class="for">${audience}</p>
${signatureLine(token.signature)}
<p class="part">Header</p>
<pre tabindex="0">${JSON.stringify(token.header, null, 2)}</pre>
<p class="part">Claims</p>
<pre tabindex="0">${withTimes(JSON.stringify(token.claims, null, 2))}</pre>
</article>`
}

function signatureLine(signature: Signature): Html {
  if (!signature.valid) return html`<p class="verdict bad"><b>Not valid.</b> ${signature.reason}</p>`
  return html`<p class="verdict good"><b>Signature valid.</b> ${signature.algorithm}, key <code>${signature.keyId ?? 'without kid'}</code></p>`
}

/** Seconds since 1970 say nothing to a reader: the instant stands behind them, as a comment would. */
function withTimes(json: string): string {
  return json.replaceAll(
    /^( {2}"(?:iat|exp|nbf|auth_time|updated_at)": (\d+),?)$/gm,
    (_, line: string, seconds: string) =>
      `${line}  // ${new Date(Number(seconds) * 1000).toISOString().replace('.000Z', ' UTC').replace('T', ' ')}`,
  )
}
