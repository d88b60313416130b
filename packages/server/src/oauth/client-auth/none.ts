import { defineClientAuth } from './client-auth-method.ts'
import { namedClient } from './named-client.ts'

/** A public client names itself and proves nothing (RFC 6749 §3.2.1). */
export const none = defineClientAuth({
  method: 'none',
  serves: ['none'],
  keeps: 'nothing',
  rules: [],
  detect(request) {
    const clientId = namedClient(request)
    return clientId === undefined ? undefined : { clientId }
  },
  async verify() {
    return true
  },
})
