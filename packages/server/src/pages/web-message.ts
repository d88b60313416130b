import { type Html, html, inlineScript } from './html.ts'
import type { WebMessagePage } from './models.ts'

/**
 * Hands the response to the window that opened or frames this one, and to nobody of another origin. With a relay, that
 * window first says which of its frames the response is for. The script takes its data from the page, so that it never
 * changes and its hash can stand in the Content Security Policy.
 */
export const webMessageScript = `(function () {
  var data = document.body.dataset
  var message = { type: 'authorization_response', response: JSON.parse(data.response) }
  var receiver = window.opener ? window.opener : window.parent
  if (!data.relayUri) return receiver.postMessage(message, data.origin)
  window.addEventListener('message', function (event) {
    if (event.origin !== data.origin || !event.data || event.data.type !== 'relay_response') return
    var frame = event.source.frames[data.relayTarget]
    if (frame) frame.postMessage(message, data.relayUri)
    window.close()
  })
  receiver.postMessage({ type: 'relay_request' }, data.origin)
})()`

/** A page without anything to see: it carries an authorization response in a message (`response_mode=web_message`). */
export function webMessagePage({ response, targetOrigin, relay }: WebMessagePage): Html {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Authorization response</title></head>
<body data-response="${JSON.stringify(response)}" data-origin="${targetOrigin}" data-relay-uri="${relay?.uri ?? ''}" data-relay-target="${relay?.target ?? ''}">
${inlineScript(webMessageScript)}
</body>
</html>
`
}
