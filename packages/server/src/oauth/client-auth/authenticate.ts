import type { Client } from '../../domain/client.ts'
import type { ClientId } from '../../domain/ids.ts'
import type { Call } from '../call.ts'
import { lenientParam } from '../params.ts'
import { Refusal, refuse, refuseForNow } from '../refusal.ts'
import type { Registry } from '../registry.ts'
import { rule } from '../rule.ts'
import { wrongSignature } from './client-assertion.ts'
import type { ClientAuthMethod, ClientAuthRequest, ClientCredentials } from './client-auth-method.ts'

const twoMethods = rule({
  id: 'client_auth.two_methods',
  clause: 'RFC 6749 §2.3',
  error: 'invalid_request',
  description: 'A client must not use more than one authentication method in a request',
})
const noCredentials = rule({
  id: 'client_auth.missing',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_client',
  description: 'No client authentication: send client_id, or authenticate with a registered method',
})
const unknownScheme = rule({
  id: 'client_auth.unknown_scheme',
  clause: 'RFC 6749 §2.3',
  error: 'invalid_client',
  description:
    'The Authorization header is of no scheme that authenticates clients: leave it out, or use Basic',
})
const unknownClient = rule({
  id: 'client_auth.unknown_client',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_client',
  description: 'Client authentication failed',
})
const wrongMethod = rule({
  id: 'client_auth.wrong_method',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_client',
  description: 'Client authentication failed',
})
const tooManyAttempts = rule({
  id: 'client_auth.too_many_attempts',
  clause: 'RFC 6819 §5.1.4.2.3',
  error: 'too_many_attempts',
  description: 'Too many wrong secrets of this client came from this address. Try again later.',
})
const wrongProof = rule({
  id: 'client_auth.wrong_proof',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_client',
  description: 'Client authentication failed',
})
const twoClients = rule({
  id: 'client_auth.two_clients',
  clause: 'RFC 6749 §2.3.1',
  error: 'invalid_request',
  description: 'client_id names another client than the one that authenticates',
})

/** The rules of client authentication, in the order in which they are checked. */
export function clientAuthRules(registry: Registry) {
  const methods = [...registry.clientAuthMethods.values()]
  return [
    ...new Set(methods.flatMap(({ detectionRules = [] }) => detectionRules)),
    twoMethods,
    noCredentials,
    unknownScheme,
    twoClients,
    unknownClient,
    wrongMethod,
    tooManyAttempts,
    ...new Set(methods.flatMap(({ rules }) => rules)),
    wrongProof,
  ]
}

interface Detected {
  readonly method: ClientAuthMethod
  readonly credentials: ClientCredentials
}

/** Proves who the client is. All registered methods are asked. Throws `invalid_client` or `invalid_request` (RFC 6749 §2.3). */
export async function authenticateClient(request: ClientAuthRequest, call: Call): Promise<Client> {
  const detected = detect(request, call)
  const [{ credentials }] = detected
  const named = lenientParam(request.parameters, 'client_id')
  if (named !== undefined && named !== credentials.clientId) throw refuse(twoClients)
  const client = await call.store.clients.find(credentials.clientId as ClientId)
  if (client === undefined) throw refuse(unknownClient)
  const used = detected.find(({ method }) => method.serves.includes(client.tokenEndpointAuthMethod))
  if (used === undefined) throw refuse(wrongMethod, detected.map(({ method }) => method.method).join(' '))
  await prove(used, client, call)
  return client
}

async function prove({ method, credentials }: Detected, client: Client, call: Call): Promise<void> {
  const isSecret = credentials.proof !== undefined && method.keeps === 'secret'
  const wait = isSecret ? call.secretGuesses.secondsToWait(client, call) : 0
  // RFC 6819 §5.1.4.2.3: the right secret too, or else the answer would tell which one it is.
  if (wait > 0) throw refuseForNow(tooManyAttempts, wait)
  try {
    // Not awaited where it is not needed: what was compared has to be counted before the next request is looked at.
    const verdict = method.verify(credentials, client, call)
    if (!(typeof verdict === 'boolean' ? verdict : await verdict)) throw refuse(wrongProof)
  } catch (error) {
    if (isSecret && isWrongSecret(error)) await call.secretGuesses.count(client, call)
    throw error
  }
}

// An assertion that is late or meant for somebody else is no guess.
function isWrongSecret(error: unknown): boolean {
  return error instanceof Refusal && (error.rule === wrongProof || error.rule === wrongSignature)
}

/**
 * The one method that the request proves something with, or all those that a bare `client_id` may stand for: beside a
 * certificate the registration decides whether it authenticates (RFC 8705 §2).
 */
function detect(request: ClientAuthRequest, call: Call): readonly [Detected, ...Detected[]] {
  const detected = [...call.registry.clientAuthMethods.values()].flatMap((method) => {
    const credentials = method.detect(request)
    return credentials === undefined ? [] : [{ method, credentials }]
  })
  const [proof, ...others] = detected.filter(({ credentials }) => credentials.proof !== undefined)
  if (others.length > 0) throw refuse(twoMethods)
  if (proof !== undefined) return [proof]
  const [first, ...more] = detected
  if (first === undefined) throw refuse(request.authorization === undefined ? noCredentials : unknownScheme)
  return [first, ...more]
}
