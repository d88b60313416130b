// What must never be in a log, whatever a caller passes: a second fence behind "fields never hold a secret".

const redacted = '[redacted]'

/** Members whose whole value is secret, without case, `_` and `-`. */
const secretMembers =
  /^(authorization|proxyauthorization|cookie|setcookie|code|devicecode|usercode|codeverifier|.*assertion|otp|pin|ticket|jwt|dpop|samlresponse|.*password.*|.*secret(s|value|hash)?|.*token(hint)?|.*apikey|.*privatekey|privatejwk|masterkey|credentials?|smtpurl)$/

/** The same inside text: a parameter of a URL or form, a credential in a header, a JWT, a password in an address. */
const secretParameter =
  /\b((?:code|device_code|user_code|code_verifier|client_secret|password|ticket|otp|[a-z_]*token(?:_hint)?|[a-z_]*assertion)=)[^&\s"'<>]+/gi
const secretHeader = /\b(bearer|basic|dpop)\s+[A-Za-z0-9._~+/=-]{8,}/gi
const signedToken = /\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9._-]*/g
const userInfo = /(:\/\/[^\s/:@]*:)[^\s/@]+@/g

const depthLimit = 6
const listLimit = 100
const textLimit = 10_000

/** A copy of the fields without secrets, bounded in depth and length. Errors keep their name, message, stack and cause. */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactMembers(Object.entries(fields), 0)
}

function redactMembers(members: readonly (readonly [string, unknown])[], depth: number) {
  return Object.fromEntries(
    members.map(([name, value]) => [name, isSecret(name, value) ? redacted : redactValue(value, depth)]),
  )
}

function isSecret(name: string, value: unknown): boolean {
  return value !== undefined && secretMembers.test(name.toLowerCase().replaceAll(/[_-]/g, ''))
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (depth >= depthLimit) return '[deeper]'
  if (value instanceof Error) return redactError(value, depth + 1)
  if (Array.isArray(value)) return value.slice(0, listLimit).map((item) => redactValue(item, depth + 1))
  if (value instanceof Map || value instanceof Headers || value instanceof URLSearchParams)
    return redactMembers(
      [...value].map(([name, item]) => [String(name), item]),
      depth + 1,
    )
  if (value instanceof URL || value instanceof Date) return redactText(String(value))
  if (ArrayBuffer.isView(value)) return '[bytes]'
  return redactMembers(Object.entries(value), depth + 1)
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  return {
    ...redactMembers(Object.entries(error), depth),
    ...systemCode(error),
    name: error.name,
    message: redactText(error.message),
    stack: redactText(error.stack ?? ''),
    ...(error.cause !== undefined && { cause: redactValue(error.cause, depth) }),
  }
}

/** `ECONNREFUSED` or `23505` says what failed; an authorization code is longer and never all capitals. */
function systemCode(error: Error): Record<string, unknown> {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? { code } : {}
}

function redactText(text: string): string {
  return text
    .slice(0, textLimit)
    .replace(secretParameter, `$1${redacted}`)
    .replace(secretHeader, `$1 ${redacted}`)
    .replace(signedToken, redacted)
    .replace(userInfo, `$1${redacted}@`)
}
