import { type Html, html } from '@valetkey-examples/shared/html'
import type { Exchange, HttpMessage } from '../exchange.ts'

/** A message as it went over the wire, with a caption. Lines are broken and secrets shortened for reading. */
export function httpMessage(caption: string, message: HttpMessage): Html {
  const headers = message.headers.map(([name, value]) => html`<span class="name">${name}:</span> ${value}\n`)
  return html`<figure class="http">
<figcaption>${caption}</figcaption>
<pre tabindex="0"><b>${message.start}</b>
${headers}${message.body !== undefined && html`\n${message.body}`}</pre>
</figure>`
}

export function httpExchange(exchange: Exchange): Html {
  return html`<div class="pair">
${httpMessage('Request', exchange.request)}
${httpMessage('Response', exchange.response)}
</div>`
}
