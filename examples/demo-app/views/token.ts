import type { Inspection, Signature } from '../tokens.ts'
import { type Html, html } from './html.ts'

/** A token taken apart: the state of its signature, its header and its claims. */
export function tokenCard(title: string, audience: string, token: Inspection): Html {
  if (token.kind === 'opaque') {
    return html`<article class="card token">
<h4>${title}</h4>
<p class="for">${audience}</p>
<p>It is opaque: only the authorization server can read it.</p>
</article>`
  }
  return html`<article class="card token">
<h4>${title}</h4>
<p class="for">${audience}</p>
${signatureLine(token.signature)}
<p class="part">Header</p>
<pre tabindex="0">${JSON.stringify(token.header, null, 2)}</pre>
<p class="part">Claims</p>
<pre tabindex="0">${JSON.stringify(token.claims, showTime, 2)}</pre>
</article>`
}

function signatureLine(signature: Signature): Html {
  if (!signature.valid) return html`<p class="verdict bad"><b>Not valid.</b> ${signature.reason}</p>`
  return html`<p class="verdict good"><b>Signature valid.</b> ${signature.algorithm}, key <code>${signature.keyId ?? 'without kid'}</code></p>`
}

const timeClaims = new Set(['iat', 'exp', 'nbf', 'auth_time', 'updated_at'])

/** Seconds since 1970 say nothing to a reader. */
function showTime(name: string, value: unknown): unknown {
  if (!timeClaims.has(name) || typeof value !== 'number') return value
  return `${value} (${new Date(value * 1000).toISOString().replace('.000Z', ' UTC').replace('T', ' ')})`
}
