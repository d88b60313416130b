import type { Keeps } from '../domain/client.ts'
import type { ClientAuthMethod } from './client-auth/client-auth-method.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import type { Grant } from './grants/grant.ts'
import type { RegistrationPolicy } from './registration/policy.ts'
import type { ResponseMode } from './response-modes/response-mode.ts'
import type { TokenFormat } from './token-formats/token-format.ts'

/** Everything that plugs in, by name. Built-ins and extensions come the same way. */
export interface Registry {
  /** By path. */
  readonly endpoints: ReadonlyMap<string, Endpoint>
  readonly grants: ReadonlyMap<string, Grant>
  readonly clientAuthMethods: ReadonlyMap<string, ClientAuthMethod>
  /** What clients keep, by the method that they registered. */
  readonly keeps: ReadonlyMap<string, Keeps>
  readonly responseModes: ReadonlyMap<string, ResponseMode>
  readonly tokenFormats: ReadonlyMap<string, TokenFormat>
  readonly registrationPolicies: ReadonlyMap<string, RegistrationPolicy>
}

export type Plug =
  | { readonly plug: 'endpoint'; readonly endpoint: Endpoint }
  | { readonly plug: 'grant'; readonly grant: Grant }
  | { readonly plug: 'client_auth_method'; readonly method: ClientAuthMethod }
  | { readonly plug: 'response_mode'; readonly mode: ResponseMode }
  | { readonly plug: 'token_format'; readonly format: TokenFormat }
  | { readonly plug: 'registration_policy'; readonly policy: RegistrationPolicy }

/** Collects plugs under their names. Throws at boot when a name is taken twice or a kind has none. */
export function createRegistry(plugs: readonly Plug[]): Registry {
  const endpoints = new Map<string, Endpoint>()
  const grants = new Map<string, Grant>()
  const clientAuthMethods = new Map<string, ClientAuthMethod>()
  const responseModes = new Map<string, ResponseMode>()
  const tokenFormats = new Map<string, TokenFormat>()
  const registrationPolicies = new Map<string, RegistrationPolicy>()
  for (const plug of plugs) {
    switch (plug.plug) {
      case 'endpoint':
        add(endpoints, plug.endpoint.path, plug.endpoint, plug)
        break
      case 'grant':
        add(grants, plug.grant.grantType, plug.grant, plug)
        break
      case 'client_auth_method':
        add(clientAuthMethods, plug.method.method, plug.method, plug)
        break
      case 'response_mode':
        add(responseModes, plug.mode.name, plug.mode, plug)
        break
      case 'token_format':
        add(tokenFormats, plug.format.name, plug.format, plug)
        break
      case 'registration_policy':
        add(registrationPolicies, plug.policy.name, plug.policy, plug)
        break
      default:
        plug satisfies never
    }
  }
  for (const [kind, map] of Object.entries({
    endpoints,
    grants,
    clientAuthMethods,
    responseModes,
    tokenFormats,
    registrationPolicies,
  })) {
    if (map.size === 0) throw new Error(`the registry has no ${kind}`)
  }
  return {
    endpoints,
    grants,
    clientAuthMethods,
    keeps: keepsByMethod([...clientAuthMethods.values()]),
    responseModes,
    tokenFormats,
    registrationPolicies,
  }
}

// A method speaks for itself before others speak for it.
function keepsByMethod(methods: readonly ClientAuthMethod[]): ReadonlyMap<string, Keeps> {
  const served = methods.flatMap(({ serves, keeps }) => serves.map((name) => [name, keeps] as const))
  return new Map([...served, ...methods.map(({ method, keeps }) => [method, keeps] as const)])
}

/** What is left where no certificate of a client can arrive: discovery, registration and authentication know nothing else (RFC 8705 §2). */
export function withoutCertificates(registry: Registry): Registry {
  const methods = [...registry.clientAuthMethods].filter(([, method]) => method.needsCertificate !== true)
  return { ...registry, clientAuthMethods: new Map(methods) }
}

function add<Value>(map: Map<string, Value>, name: string, value: Value, plug: Plug): void {
  // It stands in requests, in metadata and in tenant files.
  if (!/^[\x21-\x7e]+$/.test(name))
    throw new Error(`the ${plugName(plug).trim()} needs a name of printable ASCII without spaces`)
  if (map.has(name)) throw new Error(`the ${plugName(plug)} is registered twice`)
  map.set(name, value)
}

/** What a plug is, and its name. */
export function plugName(plug: Plug): string {
  switch (plug.plug) {
    case 'endpoint':
      return `endpoint ${plug.endpoint.path}`
    case 'grant':
      return `grant ${plug.grant.grantType}`
    case 'client_auth_method':
      return `client-authentication method ${plug.method.method}`
    case 'response_mode':
      return `response mode ${plug.mode.name}`
    case 'token_format':
      return `token format ${plug.format.name}`
    case 'registration_policy':
      return `registration policy ${plug.policy.name}`
    default:
      return plug satisfies never
  }
}
