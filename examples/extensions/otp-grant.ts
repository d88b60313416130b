// A custom grant: a person proves who they are with a code of six digits that came by e-mail.
import {
  artifactKind,
  type Call,
  type Client,
  type ClientId,
  defineEndpoint,
  defineGrant,
  type Hashed,
  hashed,
  livingUser,
  livingUserRules,
  many,
  newGrantId,
  optional,
  type Plug,
  parseScope,
  randomToken,
  refuse,
  requestedApi,
  required,
  rule,
  scopeRules,
  serves,
  targetRules,
  type User,
  type UserId,
} from 'valetkey/extend'

/** RFC 6749 §4.5: the type of an extension grant is an absolute URI. */
export const otpGrantType = 'https://valetkey.example/grant-type/otp'

const limits = { lifetimeSeconds: 300, guesses: 3, mailsPerAccount: 5 } as const

/** A code that was sent. Only the client that asked for it knows the id under whose hash it is kept. */
interface SentCode {
  readonly clientId: ClientId
  readonly userId: UserId
  readonly code: Hashed
}
const sentCode = artifactKind<SentCode>('example.otp')

const sendCode = defineEndpoint({
  path: 'oauth/otp',
  params: { email: required(254) },
  rules: [],
  metadata: (url) => ({ otp_endpoint: url }),
  async handle({ params, client }, call) {
    const id = randomToken(call.ports.random)
    // The same answer for everybody, which waits for nothing: neither it nor its time tells who has an account.
    call.ports.background.run(() => sendTo(params.email, id, client, call))
    return { kind: 'json', body: { otp_id: id, expires_in: limits.lifetimeSeconds } }
  },
})

// What runs beside the answer sees to its own failures. The log names no address.
async function sendTo(email: string, id: string, client: Client, call: Call): Promise<void> {
  try {
    const user = await userOf(email, client, call)
    if (user !== undefined) await send(id, email, user, client, call)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    call.ports.logger.error('mail.failed', { what: 'example.otp', message })
  }
}

async function send(id: string, to: string, user: User, client: Client, call: Call): Promise<void> {
  const sent = await call.store.counters.hit(`example.otp:sent:${user.id}`, limits.lifetimeSeconds, call.now)
  if (sent > limits.mailsPerAccount) return
  const digits = sixDigits(call.ports.random.bytes(6))
  const body = { clientId: client.id, userId: user.id, code: codeHash(id, digits) }
  const expiresAt = call.now + limits.lifetimeSeconds
  await call.store.artifacts.put(sentCode, hashed(id), { body, expiresAt }, call.now)
  const text = `Your code for ${client.name} is ${digits}. It is good for five minutes.`
  await call.ports.mailer.send({ to, subject: `${digits} is your code`, text })
}

function sixDigits(bytes: Uint8Array): string {
  const number = bytes.reduce((sum, byte) => (sum * 256 + byte) % 1_000_000, 0)
  return String(number).padStart(6, '0')
}

// Six digits alone could be guessed from their hash; the id beside them cannot.
function codeHash(id: string, digits: string): Hashed {
  return hashed(`${id} ${digits}`)
}

async function userOf(email: string, client: Client, call: Call): Promise<User | undefined> {
  const { items } = await call.store.connections.list({ limit: 100 })
  for (const connection of items) {
    if (!serves(connection, client.id)) continue
    const user = await call.store.users.findByIdentifier(connection.id, email)
    if (user?.email === email.toLowerCase()) return user
  }
  return undefined
}

const tooManyGuesses = rule({
  id: 'example.otp.too_many_guesses',
  clause: 'RFC 6749 §5.2',
  error: 'too_many_attempts',
  description: 'Too many wrong codes: ask for a new one',
})
const wrongCode = rule({
  id: 'example.otp.wrong',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  description: 'The code is wrong or too old',
})

const redeemCode = defineGrant({
  grantType: otpGrantType,
  clientAuth: 'any',
  params: {
    otp_id: required(64),
    otp: required(6),
    scope: optional(),
    audience: optional(),
    resource: many(),
  },
  rules: [...scopeRules, ...targetRules, tooManyGuesses, wrongCode, ...livingUserRules],
  async decide(params, client, call) {
    // What is wrong with the request itself costs no guess.
    const scope = parseScope(params.scope)
    const api = await requestedApi(params, call)
    const user = await livingUser(await provenUser(params.otp_id, params.otp, client, call), call)
    return {
      // The method is what RFC 8176 §2 calls it: it becomes the `amr` of the ID token.
      subject: { kind: 'user', user, authenticatedAt: call.now, idToken: { methods: ['otp'] } },
      grantId: newGrantId(call),
      scope,
      ...(api !== undefined && { api }),
      refreshToken: { kind: 'new' },
    }
  },
})

async function provenUser(id: string, digits: string, client: Client, call: Call): Promise<UserId> {
  const hash = hashed(id)
  const guesses = await call.store.counters.hit(`example.otp:guess:${hash}`, limits.lifetimeSeconds, call.now)
  if (guesses > limits.guesses) throw refuse(tooManyGuesses)
  const sent = await call.store.artifacts.peek(sentCode, hash, call.now)
  if (sent === undefined || sent.clientId !== client.id || sent.code !== codeHash(id, digits))
    throw refuse(wrongCode)
  // Redeemed last and in one step: of two requests with the right code, one gets tokens.
  const taken = await call.store.artifacts.take(sentCode, hash, call.now)
  if (taken === undefined) throw refuse(wrongCode, 'another request was faster')
  return taken.userId
}

/** Log in with a code by e-mail: an endpoint that sends it, and the grant that redeems it. */
export const otpGrant: readonly Plug[] = [sendCode, redeemCode]
