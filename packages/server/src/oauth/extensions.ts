// What an extension may bring is checked once, at boot: none can replace, shadow or misstate what is built in.
import { builtIns } from './built-ins.ts'
import { endpointRules } from './endpoint-rules.ts'
import type { Endpoint } from './endpoints/endpoint.ts'
import { metadata } from './metadata.ts'
import type { ParameterSpecs } from './params.ts'
import { createRegistry, type Plug, plugName, type Registry } from './registry.ts'

/** The built-ins and the extensions. Throws one sentence when an extension collides, takes what is reserved, or lies in metadata. */
export function registryWith(extensions: readonly Plug[], issuer: string): Registry {
  const core = createRegistry(builtIns)
  const taken = new Set(builtIns.map(plugName))
  for (const plug of extensions) {
    if (taken.has(plugName(plug))) throw new Error(`an extension replaces the built-in ${plugName(plug)}`)
    checkPlug(plug, core)
  }
  const registry = createRegistry([...builtIns, ...extensions])
  checkRules(core, registry)
  checkMetadata(extensions, core, issuer)
  return registry
}

function checkPlug(plug: Plug, core: Registry): void {
  const name = plugName(plug)
  if (plug.plug === 'endpoint' && !/^oauth(\/[a-z0-9][a-z0-9._~-]*)+$/.test(plug.endpoint.path))
    throw new Error(`the ${name} must be below oauth/, in lower case`)
  // RFC 6749 §4.5: names without a scheme are for the grants of that document.
  if (plug.plug === 'grant' && !URL.canParse(plug.grant.grantType))
    throw new Error(`the ${name} must be an absolute URI`)
  if (plug.plug === 'endpoint') checkParams(name, plug.endpoint.params)
  if (plug.plug === 'grant') checkParams(name, plug.grant.params)
  if (plug.plug === 'client_auth_method') checkMethod(name, plug.method, core)
}

// What belongs to client authentication and to the token endpoint itself.
const reservedParams = [
  'grant_type',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
]

function checkParams(name: string, params: ParameterSpecs): void {
  const reserved = reservedParams.find((parameter) => Object.hasOwn(params, parameter))
  if (reserved !== undefined) throw new Error(`the ${name} declares the reserved parameter ${reserved}`)
}

type Method = Extract<Plug, { plug: 'client_auth_method' }>['method']

function checkMethod(
  name: string,
  { method, serves, keeps, signingAlgorithms = [] }: Method,
  core: Registry,
): void {
  // RFC 7591 §2: names without a scheme are for registered methods.
  if (!URL.canParse(method)) throw new Error(`the ${name} must be an absolute URI`)
  if (!serves.includes(method)) throw new Error(`the ${name} must serve clients that are registered for it`)
  // Else it would open clients that never asked for it, public ones among them.
  const foreign = serves.find((served) => core.clientAuthMethods.has(served))
  if (foreign !== undefined) throw new Error(`the ${name} must not serve the built-in method ${foreign}`)
  // A program in JavaScript may leave it out; its clients would pass for public ones.
  if (!['secret', 'key', 'nothing'].includes(keeps))
    throw new Error(`the ${name} must say what its clients keep: secret, key or nothing`)
  // RFC 8414 §2: the value must not be used.
  if (signingAlgorithms.includes('none')) throw new Error(`the ${name} must not announce the algorithm none`)
}

/** A refusal is told apart by its rule's id: two rules of one id would hide each other in logs and coverage. */
function checkRules(core: Registry, registry: Registry): void {
  const known = new Map(rulesOf(core).map((one) => [one.id, one]))
  for (const one of rulesOf(registry)) {
    if (one.id === '') throw new Error('a rule of an extension needs an id')
    if ((known.get(one.id) ?? one) !== one) throw new Error(`an extension declares the rule ${one.id} again`)
    known.set(one.id, one)
  }
}

function rulesOf(registry: Registry) {
  return Object.values(endpointRules(registry)).flat()
}

function checkMetadata(extensions: readonly Plug[], core: Registry, issuer: string): void {
  const taken = new Set(Object.keys(metadata(issuer, core, [])))
  for (const plug of extensions) {
    if (plug.plug !== 'endpoint') continue
    for (const member of announced(plug.endpoint, issuer)) {
      if (taken.has(member)) throw new Error(`the ${plugName(plug)} announces ${member}, which is taken`)
      taken.add(member)
    }
  }
}

/** The members of discovery that an endpoint adds. An address that it announces must be its own, and others the issuer's. */
function announced(endpoint: Endpoint, issuer: string): readonly string[] {
  const url = `${issuer}${endpoint.path}`
  const members = Object.entries(endpoint.metadata(url))
  for (const [member, value] of members) {
    if (member.endsWith('_endpoint') && value !== url)
      throw new Error(`the endpoint ${endpoint.path} announces ${member}, which is not its address`)
    if (/_(uri|url|iframe)$/.test(member) && !isBelow(issuer, value))
      throw new Error(`the endpoint ${endpoint.path} announces ${member}, which is not below the issuer`)
  }
  return members.map(([member]) => member)
}

function isBelow(issuer: string, value: unknown): boolean {
  return typeof value === 'string' && URL.parse(value)?.href.startsWith(issuer) === true
}
