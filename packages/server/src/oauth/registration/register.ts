// Owns clients that register themselves: RFC 7591, and reading, replacing and removing a registration by RFC 7592.
import { type Client, clientSecretPurpose } from '../../domain/client.ts'
import type { ClientId, Json } from '../../domain/ids.ts'
import { randomToken } from '../../domain/ports.ts'
import { hashed, sameSecret } from '../../domain/secrets.ts'
import { StoreUnavailable } from '../../domain/store.ts'
import type { Call } from '../call.ts'
import { keepsOf } from '../client-auth/keeps.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import {
  admitRegistration,
  configurationAccessRules,
  findRegistrant,
  type Registrant,
  registrationAccessRules,
} from './access.ts'
import { clientFromMetadata } from './client-from-metadata.ts'
import { type CompleteMetadata, complete } from './complete.ts'
import { metadataRules, readMetadata, writeMetadata } from './metadata.ts'
import type { RegistrationContext } from './policy.ts'
import { readSoftwareStatement, softwareStatementRules } from './software-statement.ts'

const notItself = rule({
  id: 'registration.other_client_id',
  clause: 'RFC 7592 §2.2',
  error: 'invalid_client_metadata',
  description: 'client_id must be the one of the client that is changed',
})
const notItsToSay = rule({
  id: 'registration.server_member',
  clause: 'RFC 7592 §2.2',
  error: 'invalid_client_metadata',
  description: 'Only the server says this member: {parameter}',
})
const chosenSecret = rule({
  id: 'registration.chosen_secret',
  clause: 'RFC 7592 §2.2',
  error: 'invalid_client_metadata',
  description: 'client_secret must be the one that the server gave out, or absent',
})

/** The rules of registering, and of changing a registration, in the order in which they are checked. */
export const registrationRules = [...registrationAccessRules, ...softwareStatementRules, ...metadataRules]
export const configurationRules = [...configurationAccessRules, notItself, notItsToSay, chosenSecret]

/** Where the endpoint is, below the issuer; a client's own registration is below it. */
export const registrationPath = 'oidc/register'

type Document = Readonly<Record<string, unknown>>

/** The client information response (RFC 7591 §3.2.1). */
export type ClientInformation = Readonly<Record<string, Json>>

/** Registers a client (RFC 7591 §3.1). Throws a refusal. */
export async function registerClient(
  document: Document,
  initialAccessToken: string | undefined,
  call: Call,
): Promise<ClientInformation> {
  const hasInitialAccessToken = await admitRegistration(initialAccessToken, call)
  const { metadata, stored } = await checkedMetadata(document, hasInitialAccessToken, call)
  const token = randomToken(call.ports.random)
  const bare = clientFromMetadata(metadata, keepsOf(metadata.token_endpoint_auth_method, call), {
    id: `tpc_${randomToken(call.ports.random, 16)}` as ClientId,
    secrets: [],
    registration: { accessToken: hashed(token), metadata: stored },
    metadata: {},
    createdAt: call.now,
    updatedAt: call.now,
    version: 1,
  })
  const client = await call.store.clients.create({ ...bare, secrets: secretsFor(bare, call) })
  call.ports.logger.info('client.registered', { client_id: client.id })
  return information({ client: { ...client, registration: registrationOf(client) }, token }, call)
}

/** What is registered about a client (RFC 7592 §2.1). */
export async function readRegistration(
  clientId: string,
  token: string | undefined,
  call: Call,
): Promise<ClientInformation> {
  return information(await findRegistrant(clientId, token, call), call)
}

/** Replaces everything that is registered about a client (RFC 7592 §2.2): what it leaves out is gone. */
export async function replaceRegistration(
  clientId: string,
  document: Document,
  token: string | undefined,
  call: Call,
): Promise<ClientInformation> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const registrant = await findRegistrant(clientId, token, call)
    const { client } = registrant
    checkOwnMembers(document, client, call)
    const { metadata, stored } = await checkedMetadata(document, false, call)
    const { id, secrets, createdAt, version } = client
    const registration = { ...client.registration, metadata: stored }
    const kept = { id, secrets, metadata: client.metadata, createdAt, version }
    const keeps = keepsOf(metadata.token_endpoint_auth_method, call)
    const bare = clientFromMetadata(metadata, keeps, { ...kept, registration, updatedAt: call.now })
    const replaced = await call.store.clients.update({ ...bare, secrets: secretsFor(bare, call) })
    if (replaced.kind === 'updated')
      return information(
        { ...registrant, client: { ...replaced.value, registration: registrationOf(replaced.value) } },
        call,
      )
  }
  throw new StoreUnavailable(new Error('the registration was changed again and again meanwhile'))
}

/** Removes a client, with all that its users allowed it (RFC 7592 §2.3). */
export async function removeRegistration(
  clientId: string,
  token: string | undefined,
  call: Call,
): Promise<void> {
  const { client } = await findRegistrant(clientId, token, call)
  await call.store.clients.delete(client.id)
  call.ports.logger.info('client.removed', { client_id: client.id })
}

interface Checked {
  readonly metadata: CompleteMetadata
  /** What is told about the client from now on. */
  readonly stored: Readonly<Record<string, Json>>
}

async function checkedMetadata(
  document: Document,
  hasInitialAccessToken: boolean,
  call: Call,
): Promise<Checked> {
  const { software_statement: statement } = document
  const claims = statement === undefined ? undefined : await readSoftwareStatement(statement, call)
  // RFC 7591 §2.3: what the statement says wins.
  let metadata = complete(readMetadata({ ...document, ...claims }))
  const context: RegistrationContext = {
    hasInitialAccessToken,
    ...(claims !== undefined && { softwareStatement: claims }),
  }
  // Those of extensions were registered last and are asked first.
  for (const policy of [...call.registry.registrationPolicies.values()].reverse())
    metadata = changed(metadata, await policy.review(metadata, context, call))
  return {
    metadata,
    // RFC 7591 §3.2.1: the statement comes back unmodified.
    stored: {
      ...writeMetadata(metadata),
      ...(typeof statement === 'string' && { software_statement: statement }),
    },
  }
}

// What a policy says is read like what a client says.
function changed(metadata: CompleteMetadata, changes: Document): CompleteMetadata {
  return complete(readMetadata({ ...writeMetadata(metadata), ...changes }))
}

function checkOwnMembers(document: Document, client: Client, call: Call): void {
  if (document.client_id !== client.id) throw refuse(notItself)
  for (const name of [
    'registration_access_token',
    'registration_client_uri',
    'client_secret_expires_at',
    'client_id_issued_at',
  ])
    if (name in document) throw refuse(notItsToSay, undefined, name)
  const { client_secret: presented } = document
  if (presented === undefined) return
  const secret = secretOf(client, call)
  if (typeof presented !== 'string' || secret === undefined || !sameSecret(secret, presented))
    throw refuse(chosenSecret)
}

// The secret stays as long as the client needs one.
function secretsFor(client: Client, call: Call): Client['secrets'] {
  if (keepsOf(client.tokenEndpointAuthMethod, call) !== 'secret') return []
  if (client.secrets.length > 0) return client.secrets
  return [call.ports.sealer.seal(randomToken(call.ports.random, 48), clientSecretPurpose(client.id))]
}

function secretOf({ id, secrets: [sealed] }: Client, call: Call): string | undefined {
  return sealed === undefined ? undefined : call.ports.sealer.open(sealed, clientSecretPurpose(id))
}

function registrationOf({ registration }: Client): Registrant['client']['registration'] {
  if (registration === undefined) throw new Error('a client that registered itself keeps its registration')
  return registration
}

function information({ client, token }: Registrant, call: Call): ClientInformation {
  const secret = secretOf(client, call)
  return {
    client_id: client.id,
    client_id_issued_at: client.createdAt,
    ...(secret !== undefined && { client_secret: secret, client_secret_expires_at: 0 }),
    ...client.registration.metadata,
    registration_client_uri: `${call.issuer}${registrationPath}/${client.id}`,
    registration_access_token: token,
  }
}
