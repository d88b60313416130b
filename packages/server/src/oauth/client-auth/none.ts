import { optional, readParams } from '../params.ts'
import { defineClientAuth } from './client-auth-method.ts'

/** A public client names itself and proves nothing (RFC 6749 §3.2.1). */
export const none = defineClientAuth({
  method: 'none',
  serves: ['none'],
  rules: [],
  detect({ authorization, parameters }) {
    const { client_id, client_secret, client_assertion } = readParams(parameters, {
      client_id: optional(),
      client_secret: optional(),
      client_assertion: optional(16_384),
    })
    const proves =
      authorization !== undefined || client_secret !== undefined || client_assertion !== undefined
    return client_id === undefined || proves ? undefined : { clientId: client_id }
  },
  async verify() {
    return true
  },
})
