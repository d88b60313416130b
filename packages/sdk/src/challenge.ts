/** What every challenge of one route says: `scopes` are those the route needs, `resourceMetadata` is a URL. */
export type Challenge = {
  readonly realm: string
  readonly scopes: readonly string[]
  readonly resourceMetadata: string | undefined
}

type Problem = { readonly error: string | undefined; readonly description: string | undefined }

/** A quoted-string (RFC 9110 §5.6.4). Throws TypeError unless the value is printable ASCII, so that no value can
 * end the header line and begin another. */
export function quoted(value: string): string {
  if (!/^[\x20-\x7e]*$/.test(value)) throw new TypeError('WWW-Authenticate holds printable ASCII only')
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}

/** The `WWW-Authenticate` value of RFC 6750 §3, with `resource_metadata` of RFC 9728 §5.1. */
export function wwwAuthenticate(challenge: Challenge, problem: Problem): string {
  const parameters = {
    realm: challenge.realm,
    error: problem.error,
    error_description: problem.description,
    scope: challenge.scopes.join(' ') || undefined,
    resource_metadata: challenge.resourceMetadata,
  }
  const written = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quoted(value)}`],
  )
  return `Bearer ${written.join(', ')}`
}
