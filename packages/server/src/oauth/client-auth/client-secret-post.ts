import { optional, readParams } from '../params.ts'
import { defineClientAuth } from './client-auth-method.ts'
import { secretMethods, verifySecret } from './client-secret.ts'

/** The secret as a body parameter (RFC 6749 §2.3.1). */
export const clientSecretPost = defineClientAuth({
  method: 'client_secret_post',
  serves: secretMethods,
  keeps: 'secret',
  rules: [],
  detect({ parameters }) {
    const { client_id, client_secret } = readParams(parameters, {
      client_id: optional(),
      client_secret: optional(),
    })
    // A secret without client_id is this method used wrongly, and a second one beside the header (RFC 6749 §2.3).
    return client_secret === undefined ? undefined : { clientId: client_id ?? '', proof: client_secret }
  },
  verify: verifySecret,
})
