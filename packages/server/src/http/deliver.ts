import type { Context } from 'hono'
import type { Call } from '../oauth/call.ts'
import type { Delivery, ResponseParameters } from '../oauth/response-modes/response-mode.ts'
import { formPostPage, formPostScript } from '../pages/form-post.ts'
import { webMessagePage, webMessageScript } from '../pages/web-message.ts'
import { frameOf, sendPage } from './render.ts'

/** Sends an authorization response the way its mode says. */
export function deliver(c: Context, delivery: Delivery, call: Call): Response {
  switch (delivery.kind) {
    case 'redirect':
      return deliverRedirect(c, delivery.location)
    case 'form_post':
      return sendPage(c, 200, formPostPage({ ...frameOf(c, call.tenant), ...delivery }), {
        formTarget: delivery.action,
        scripts: [formPostScript],
      })
    case 'web_message':
      return sendPage(c, 200, webMessagePage({ ...delivery, response: responseOf(delivery.parameters) }), {
        scripts: [webMessageScript],
        framedBy: delivery.targetOrigin,
      })
    default:
      return delivery satisfies never
  }
}

// RFC 6749 §4.2.2: a lifetime is a number; only a URL or a form makes it text.
function responseOf(parameters: ResponseParameters): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    parameters.map(([name, value]) => [name, name === 'expires_in' ? Number(value) : value]),
  )
}

/** Sends the browser on. RFC 9700 §4.12: after a form only 303 makes sure that it does not send the password along. */
export function deliverRedirect(c: Context, location: string): Response {
  c.header('cache-control', 'no-store')
  c.header('referrer-policy', 'no-referrer')
  // RFC 3986 §2: a URI is ASCII, though a redirection URI may have been registered with other letters.
  const uri = location.replaceAll(/[^\x21-\x7e]+/g, encodeURIComponent)
  return c.body(null, c.req.method === 'POST' ? 303 : 302, { location: uri })
}
