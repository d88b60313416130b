import type { ClientEntry, Located, Mistake, TenantFile } from '@valetkey/api'
import { type Client, clientSecretPurpose, type Keeps } from '../domain/client.ts'
import type { ClientId } from '../domain/ids.ts'
import type { Sealed } from '../domain/secrets.ts'
import { clientContradictions } from './client-contradictions.ts'
import { clientFromEntry } from './client-from-entry.ts'
import { newClientId, newClientSecret } from './identifiers.ts'
import type { ResourceServerPlan } from './plan-resource-servers.ts'
import { listAll, type NewSecret, type Plan, rowStep, type Step } from './step.ts'
import { keepsOf, type Target } from './target.ts'

export interface ClientPlan extends Plan {
  readonly secrets: readonly NewSecret[]
  /** The client that a name or an id means once the file is applied. */
  find(reference: string): ClientId | undefined
}

/** Clients are found by `client_id`, or by name when the entry has none. */
export async function planClients(
  file: TenantFile,
  target: Target,
  apis: ResourceServerPlan,
): Promise<ClientPlan> {
  const rows = target.store.forTenant(target.tenant).clients
  const stored = await listAll((page) => rows.list(page))
  const claimed = new Set(file.clients.map(({ entry }) => entry.client_id))
  const steps: Step[] = []
  const mistakes: Mistake[] = []
  const secrets: NewSecret[] = []
  const planned = new Map<ClientId, string>()

  for (const { path, entry } of file.clients) {
    const found = findStored({ path, entry }, stored, claimed)
    if (found.kind === 'mistaken') {
      mistakes.push(found.mistake)
      continue
    }
    const id = found.client?.id ?? ((entry.client_id ?? newClientId(target.ports.random)) as ClientId)
    const bare = clientFromEntry(entry, found.client, id, target)
    const keeps = keepsOf(bare.tokenEndpointAuthMethod, target)
    const { sealed, made } = secretsFor(
      bare,
      keeps,
      { given: entry.client_secret, stored: found.client },
      target,
    )
    const client = { ...bare, secrets: sealed }
    mistakes.push(
      ...clientContradictions(client, keeps).map(({ member, message }) => ({
        path: [...path, ...member],
        message,
      })),
    )
    mistakes.push(...(await policyMistakes({ path, entry }, file, apis)))
    if (keeps !== 'secret' && entry.client_secret !== undefined)
      mistakes.push({
        path: [...path, 'client_secret'],
        message:
          'a client that does not authenticate with a secret has none: remove it, or set token_endpoint_auth_method',
      })
    if (made !== undefined) secrets.push({ clientId: id, name: client.name, secret: made })
    planned.set(id, client.name)
    steps.push(rowStep({ noun: 'client', name: client.name }, rows, found.client, client))
  }
  return { steps, mistakes, secrets, find: finder(planned, stored) }
}

async function policyMistakes(
  { path, entry }: Located<ClientEntry>,
  file: TenantFile,
  apis: ResourceServerPlan,
): Promise<readonly Mistake[]> {
  const mistakes: Mistake[] = []
  for (const [index, { audience }] of (entry.refresh_token?.policies ?? []).entries()) {
    if (file.declared.audiences.has(audience) || (await apis.find(audience)) !== undefined) continue
    const member = ['refresh_token', 'policies', index, 'audience']
    mistakes.push({ path: [...path, ...member], message: 'names no API of this file or tenant' })
  }
  return mistakes
}

type Found =
  | { readonly kind: 'found'; readonly client: Client | undefined }
  | { readonly kind: 'mistaken'; readonly mistake: Mistake }

function findStored(
  { path, entry }: Located<ClientEntry>,
  stored: readonly Client[],
  claimed: ReadonlySet<string | undefined>,
): Found {
  const byId = stored.find((client) => client.id === entry.client_id)
  const namesakes = stored.filter((client) => client.name === entry.name && !claimed.has(client.id))
  if (byId !== undefined) return { kind: 'found', client: byId }
  if (entry.client_id !== undefined && namesakes.length > 0)
    return mistaken([...path, 'client_id'], 'a client of this name exists under another client_id')
  if (namesakes.length > 1)
    return mistaken(
      [...path, 'name'],
      'several clients have this name; add the client_id of the one that is meant',
    )
  return { kind: 'found', client: namesakes[0] }
}

function mistaken(path: Mistake['path'], message: string): Found {
  return { kind: 'mistaken', mistake: { path, message } }
}

/** The secrets the client shall have. One that is in force already stays as it is sealed, so that nothing changes. */
function secretsFor(
  client: Client,
  keeps: Keeps,
  { given, stored }: { readonly given: string | undefined; readonly stored: Client | undefined },
  { ports }: Target,
): { readonly sealed: readonly Sealed[]; readonly made?: string } {
  if (keeps !== 'secret') return { sealed: [] }
  const inForce = stored?.secrets ?? []
  const purpose = clientSecretPurpose(client.id)
  if (given === undefined && inForce.length > 0) return { sealed: inForce }
  if (given !== undefined && inForce.some((one) => ports.sealer.open(one, purpose) === given))
    return { sealed: inForce }
  const secret = given ?? newClientSecret(ports.random)
  const sealed = [ports.sealer.seal(secret, purpose)]
  return given === undefined ? { sealed, made: secret } : { sealed }
}

/** Ids before names: a name that looks like another client's id must not lead to the wrong one. */
function finder(planned: ReadonlyMap<ClientId, string>, stored: readonly Client[]) {
  const names = new Map<string, ClientId>()
  for (const client of stored) if (!planned.has(client.id)) names.set(client.name, client.id)
  for (const [id, name] of planned) names.set(name, id)
  const ids = new Set<string>([...stored.map((client) => client.id), ...planned.keys()])
  return (reference: string) => (ids.has(reference) ? (reference as ClientId) : names.get(reference))
}
