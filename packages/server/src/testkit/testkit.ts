// The real server in-process, with a clock that can be moved, seeded ids, captured mail and a browser without scripts.
import { randomBytes } from 'node:crypto'
import { type Config, resolveConfig } from '../config/config.ts'
import type { Client } from '../domain/client.ts'
import type { Fetcher, Mail } from '../domain/ports.ts'
import type { ClientGrant, ResourceServer } from '../domain/resource-server.ts'
import type { Store } from '../domain/store.ts'
import type { User } from '../domain/user.ts'
import type { Plug } from '../oauth/registry.ts'
import { createServer } from '../server.ts'
import { type TestBrowser, testBrowser } from './browser.ts'
import {
  type GivenApi,
  makeApi,
  makeClient,
  makeClientGrant,
  makeUser,
  type TestClient,
  type TestUser,
} from './builders.ts'
import { capturedLogger, capturedMailer, type LogEntry } from './captured.ts'
import { seededRandom } from './seeded-random.ts'
import { type SignIn, signIn, type TokenSet } from './sign-in.ts'
import { virtualBackground } from './virtual-background.ts'
import { virtualClock } from './virtual-clock.ts'

export type { Shown, TestBrowser } from './browser.ts'
export type { GivenApi, TestClient, TestUser } from './builders.ts'
export type { LogEntry } from './captured.ts'
export type { SignIn, TokenSet } from './sign-in.ts'

export interface TestServerOptions {
  /** ISO 8601; the clock stands there until `advance`. */
  readonly startAt?: string
  /** Settings as in the configuration file. The store is in memory unless it says otherwise. */
  readonly settings?: Readonly<Record<string, unknown>>
  readonly store?: Store
  readonly extensions?: readonly Plug[]
  /** Takes the place of the network. */
  readonly fetcher?: Fetcher
  /** Ids and tokens are the same for the same seed. */
  readonly seed?: string
}

/** A server under test. */
export interface TestServer {
  readonly issuer: string
  readonly store: Store
  /** Takes what the global `fetch` takes and answers without a network. */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>
  /** Moves the server's clock by a duration such as `90s`, `10m`, `1h` or `30d`; what it put off until then begins. */
  advance(duration: string): void
  /** Resolves when the server has done what it began beside its answers, such as telling clients of a logout. */
  idle(): Promise<void>
  /** Removes what has ended, and goes on with what a stopped server left undone: what a listening server does once a minute. */
  upkeep(): Promise<void>
  /** Epoch seconds of the server's clock. */
  now(): number
  readonly mails: readonly Mail[]
  readonly log: readonly LogEntry[]
  /** Id of the rule that the latest refused request broke. */
  lastRefusal(): string | undefined
  aClient(given?: Partial<Client>): Promise<TestClient>
  aUser(given?: Partial<User> & { readonly password?: string }): Promise<TestUser>
  anApi(given?: GivenApi): Promise<ResourceServer>
  aClientGrant(
    given: Pick<ClientGrant, 'clientId' | 'audience' | 'scope'> & Partial<ClientGrant>,
  ): Promise<ClientGrant>
  browser(): TestBrowser
  /** Runs the code flow through the pages, as a person with a browser would, and answers the tokens. */
  signIn(request: SignIn): Promise<TokenSet>
  /** Listens on the loopback address of the issuer, for clients that need a port. */
  listen(): Promise<void>
  close(): Promise<void>
}

/** Starts a server in this process; nothing listens, and nothing is left behind. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const clock = virtualClock(options.startAt ?? '2026-01-01')
  const { logger, entries } = capturedLogger()
  const { mailer, mails } = capturedMailer()
  const background = virtualBackground(clock)
  const random = seededRandom(options.seed ?? 'valetkey')
  const server = await createServer(testConfig(options.settings ?? {}), {
    ports: {
      clock,
      logger,
      mailer,
      random,
      background,
      ...(options.fetcher && { fetcher: options.fetcher }),
    },
    ...(options.store !== undefined && { store: options.store }),
    ...(options.extensions !== undefined && { extensions: options.extensions }),
  })
  const fetch: TestServer['fetch'] = (input, init) => server.fetch(new Request(input, init))
  return {
    issuer: server.issuer,
    store: server.store,
    fetch,
    advance(duration) {
      clock.advance(duration)
      background.wake()
    },
    idle: () => background.idle(),
    upkeep: () => server.upkeep(),
    now: () => clock.now(),
    mails,
    log: entries,
    lastRefusal: () =>
      entries.findLast((entry) => typeof entry.fields.rule === 'string')?.fields.rule as string,
    aClient: async (given) => makeClient(await server.call(), given),
    aUser: async (given) => makeUser(await server.call(), given),
    anApi: async (given) => makeApi(await server.call(), given),
    aClientGrant: async (given) => makeClientGrant(await server.call(), given),
    browser: () => testBrowser(server),
    signIn: (request) =>
      signIn({ issuer: server.issuer, fetch: (request_) => server.fetch(request_) }, request),
    async listen() {
      await server.listen()
    },
    close: () => server.close(),
  }
}

function testConfig(settings: Readonly<Record<string, unknown>>): Config {
  const resolved = resolveConfig({
    publicUrl: 'https://valetkey.test',
    store: { sqlite: { file: ':memory:' } },
    masterKey: randomBytes(32).toString('base64url'),
    ...settings,
  })
  if (resolved.kind === 'resolved') return resolved.config
  throw new Error(resolved.mistakes.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'))
}
