import type { Mistake, TenantFile } from '@valetkey/api'
import type { Target } from './target.ts'

/** Names in a file that only an extension can give a meaning to. */
export interface UnknownNames {
  readonly mistakes: readonly Mistake[]
  readonly warnings: readonly Mistake[]
}

/**
 * What the file names and this program does not know: a mistake where the program has all extensions of the server, else a
 * warning, since nobody can tell. Unknown grants are never a mistake: files of Auth0 list grants that come later here.
 */
export function unknownNames(file: TenantFile, target: Target): UnknownNames {
  const unknown = [...unknownFormats(file, target), ...unknownMethods(file, target)]
  const grants = unknownGrants(file, target)
  if (!target.known.areAll) return { mistakes: [], warnings: [...unknown, ...grants] }
  const mistakes = unknown.map(({ path }) => ({ path, message: 'is registered by no extension' }))
  return { mistakes, warnings: grants }
}

function unknownFormats({ resourceServers }: TenantFile, { known }: Target): readonly Mistake[] {
  return resourceServers.flatMap(({ path, entry }) => {
    const name = entry.valetkey?.token_format ?? ''
    if (name === '' || known.tokenFormats.includes(name)) return []
    const message = `${name} is no token format of this version; only a server with an extension that brings it can make tokens for this API`
    return [{ path: [...path, 'valetkey', 'token_format'], message }]
  })
}

function unknownMethods({ clients }: TenantFile, { known }: Target): readonly Mistake[] {
  return clients.flatMap(({ path, entry }) => {
    const name = entry.token_endpoint_auth_method
    if (name === undefined || known.keeps.has(name)) return []
    const message = `${name} is no client-authentication method of this version; it works only with an extension that brings it, and the client gets a secret in case that needs one`
    return [{ path: [...path, 'token_endpoint_auth_method'], message }]
  })
}

function unknownGrants({ clients }: TenantFile, { known }: Target): readonly Mistake[] {
  return clients.flatMap(({ path, entry }) =>
    (entry.grant_types ?? []).flatMap((name, index) => {
      if (name === 'implicit' || known.grantTypes.includes(name)) return []
      const message = `${name} is no grant of this version; it works only with an extension that brings it`
      return [{ path: [...path, 'grant_types', index], message }]
    }),
  )
}
