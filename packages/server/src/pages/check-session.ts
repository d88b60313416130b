import { type Html, html, inlineScript } from './html.ts'

/**
 * Answers an application's question whether the login is still the one it knows (OpenID Connect Session Management §3.2):
 * the message is `client_id session_state`, the answer `unchanged`, `changed` or `error`.
 */
export const checkSessionScript = `addEventListener('message', function (event) {
  var parts = String(event.data).split(' ')
  var state = (parts[1] || '').split('.')
  if (parts.length !== 2 || state.length !== 2) return event.source.postMessage('error', event.origin)
  var prefix = location.protocol === 'https:' ? '__Host-' : ''
  var name = prefix + 'valetkey_browser_state' + (location.port && '_' + location.port)
  var cookie = new RegExp('(?:^|; )' + name + '=([^;]*)').exec(document.cookie)
  var input = parts[0] + ' ' + event.origin + ' ' + (cookie ? cookie[1] : '') + ' ' + state[1]
  crypto.subtle.digest('SHA-256', new TextEncoder().encode(input)).then(function (digest) {
    var text = btoa(String.fromCharCode.apply(null, new Uint8Array(digest)))
    var hash = text.replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '')
    event.source.postMessage(hash === state[0] ? 'unchanged' : 'changed', event.origin)
  })
})`

/** The page behind `check_session_iframe`. */
export function checkSessionPage(): Html {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Session</title></head><body>${inlineScript(checkSessionScript)}</body></html>
`
}
