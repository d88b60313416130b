// What the tests of durability share: an engine in a temporary place, and a tenant that was filled before the first start.
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { resolveConfig } from '../../src/config/config.ts'
import type { TenantCall } from '../../src/domain/tenant-call.ts'
import { createServer } from '../../src/server.ts'
import {
  makeApi,
  makeClient,
  makeClientGrant,
  makeUser,
  type TestClient,
  type TestUser,
} from '../../src/testkit/builders.ts'
import type { NodeProcess } from './node-process.ts'

export interface Settings extends Readonly<Record<string, unknown>> {
  readonly publicUrl: string
  readonly dataDirectory: string
}

export const audience = 'https://contacts.test/'

/** Settings for a SQLite file with its master key beside it, in a directory that goes with the test. */
export async function sqliteSettings(t: Pick<TestContext, 'after'>): Promise<Settings> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'valetkey-durability-'))
  t.after(() => rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 }))
  return {
    // Each process takes a port of its own; the issuer stays.
    publicUrl: 'http://localhost',
    listen: { port: 0 },
    dataDirectory,
    log: { level: 'error' },
    shutdownGraceSeconds: 10,
  }
}

/** Settings for a database of PostgreSQL. */
export async function postgresSettings(t: Pick<TestContext, 'after'>, url: string): Promise<Settings> {
  const masterKey = randomBytes(32).toString('base64url')
  return { ...(await sqliteSettings(t)), store: { postgres: { url } }, masterKey }
}

export interface Tenant {
  readonly user: TestUser
  /** May repeat a refresh whose answer was lost. */
  readonly patient: TestClient
  /** Has no leeway for that. */
  readonly strict: TestClient
}

/** Fills the tenant before the first start. */
export function fillTenant(settings: Settings): Promise<Tenant> {
  return fill(settings, async (call) => {
    await makeApi(call, { identifier: audience })
    const patient = await makeClient(call, { refreshToken: { rotating: true, leewaySeconds: 60 } })
    const strict = await makeClient(call, { refreshToken: { rotating: true, leewaySeconds: 0 } })
    await makeClientGrant(call, { clientId: patient.id, audience, scope: ['read:contacts'] })
    return { user: await makeUser(call), patient, strict }
  })
}

/** Puts things into the tenant through a server in this process, which is closed again. */
export async function fill<Made>(
  settings: Settings,
  make: (call: TenantCall) => Promise<Made>,
): Promise<Made> {
  const resolved = resolveConfig({ ...settings, log: { level: 'silent' } })
  if (resolved.kind === 'mistaken') throw new Error(JSON.stringify(resolved.mistakes))
  const server = await createServer(resolved.config)
  try {
    return await make(await server.call())
  } finally {
    await server.close()
  }
}

/** An answer that arrived whole; `undefined` where the connection broke first. */
export async function answerOf(
  node: NodeProcess,
  path: string,
  init: RequestInit = {},
): Promise<Answer | undefined> {
  try {
    const response = await node.fetch(new Request(new URL(path, node.issuer), init))
    return { status: response.status, body: JSON.parse(await response.text()) }
  } catch {
    return undefined
  }
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Asks the token endpoint as a client with its secret. */
export function askForTokens(
  node: NodeProcess,
  client: TestClient,
  parameters: Readonly<Record<string, string>>,
): Promise<Answer | undefined> {
  const credentials = { client_id: client.id, client_secret: client.secret }
  const body = new URLSearchParams({ ...credentials, ...parameters })
  return answerOf(node, 'oauth/token', { method: 'POST', body })
}

export function userInfo(node: NodeProcess, token: string): Promise<Answer | undefined> {
  return answerOf(node, 'userinfo', { headers: { authorization: `Bearer ${token}` } })
}
