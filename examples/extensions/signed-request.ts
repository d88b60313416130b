// A custom client-authentication method: the client signs each request with its secret, which never travels.
import { clientSecrets, defineClientAuth, refuse, rule } from 'valetkey/extend'

/** RFC 7591 §2: a method that is in no registry has an absolute URI for a name. */
export const signedRequestMethod = 'https://valetkey.example/client-auth/signed-request'

/** How far the client's clock may be from ours. */
const toleranceSeconds = 60

const malformed = rule({
  id: 'example.signed_request.malformed',
  clause: 'RFC 6749 §2.3.2',
  error: 'invalid_client',
  description: 'Expected Authorization: Signed client_id:time:nonce:signature',
})
const stale = rule({
  id: 'example.signed_request.stale',
  clause: 'RFC 6749 §2.3.2',
  error: 'invalid_client',
  description: 'The time of the request is too far from now',
})
const replayed = rule({
  id: 'example.signed_request.replayed',
  clause: 'RFC 6749 §2.3.2',
  error: 'invalid_client',
  description: 'The nonce was used before',
})

/** What the client signs: it is good at one server, for one client, in one minute, once. */
export function signedText(issuer: string, clientId: string, time: string, nonce: string): string {
  return [issuer, clientId, time, nonce].join('\n')
}

/** `Authorization: Signed client_id:time:nonce:signature`, the signature being HMAC-SHA-256 in base64url. */
export const signedRequest = defineClientAuth({
  method: signedRequestMethod,
  serves: [signedRequestMethod],
  keeps: 'secret',
  rules: [malformed, stale, replayed],
  detect({ authorization = '' }) {
    if (!/^signed /i.test(authorization)) return undefined
    const [, clientId, proof] =
      /^signed ([\w.~-]+):(\d{1,12}:[\w-]{22,64}:[\w-]{43})$/i.exec(authorization) ?? []
    if (clientId === undefined || proof === undefined) throw refuse(malformed)
    return { clientId, proof }
  },
  async verify({ proof = '' }, client, call) {
    const [time = '', nonce = '', signature = ''] = proof.split(':')
    if (Math.abs(call.now - Number(time)) > toleranceSeconds) throw refuse(stale)
    const text = signedText(call.issuer, client.id, time, nonce)
    const checks = clientSecrets(client, call).map((secret) => isSignature(signature, text, secret))
    if (!(await Promise.all(checks)).includes(true)) return false
    // Last: who has no secret cannot use up a nonce.
    const uses = await call.store.counters.hit(
      `example.signed_request:${client.id}:${nonce}`,
      2 * toleranceSeconds + 1,
      call.now,
    )
    if (uses > 1) throw refuse(replayed)
    return true
  },
})

async function isSignature(signature: string, text: string, secret: string): Promise<boolean> {
  const encoder = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['verify'])
  // Takes the same time wherever the two differ.
  return crypto.subtle.verify('HMAC', key, Buffer.from(signature, 'base64url'), encoder.encode(text))
}
