import type { EpochSeconds } from './ids.ts'
import type { Sealed } from './secrets.ts'

/** The only source of time. */
export interface Clock {
  now(): EpochSeconds
}

/** The only source of randomness. */
export interface Random {
  bytes(length: number): Uint8Array
}

export type LogFields = Readonly<Record<string, unknown>>

/** Structured log. `event` is a fixed dotted name; fields never hold a secret. */
export interface Logger {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

/** Seals what must be readable again. `purpose` is authenticated: a value sealed for one purpose opens for no other. */
export interface Sealer {
  seal(plain: string, purpose: string): Sealed
  /** Throws when the value was sealed under another key or for another purpose, or was changed. */
  open(sealed: Sealed, purpose: string): string
  /** A keyed digest (HMAC-SHA-256, base64url) under a key of its own per purpose. */
  mac(value: string, purpose: string): string
}

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface Mailer {
  send(mail: Mail): Promise<void>
}

export interface OutgoingRequest {
  readonly url: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Longest answer that is read. */
  readonly maxBytes?: number
  readonly timeoutMilliseconds?: number
}

export interface IncomingAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
}

/**
 * The only way out. It follows no redirect, limits size and time, and reaches no private, loopback or link-local address
 * that the configuration does not allow; the address that was checked is the one that is connected to.
 */
export interface Fetcher {
  /** Throws `FetchRefused` when the address is not allowed, the answer too long or too late, or nobody answers. */
  fetch(request: OutgoingRequest): Promise<IncomingAnswer>
}

/** An outgoing request that was not made or not answered. `why` is for our log. */
export class FetchRefused extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(why, options)
    this.name = 'FetchRefused'
  }
}

/** Work beside the answer to a request, such as telling others of it: the answer does not wait. */
export interface Background {
  /** Begins a task, at once or later. The task itself sees to its failures: it must not reject. */
  run(task: () => Promise<void>, afterSeconds?: number): void
  /** Drops what waits, and resolves when what has begun is done. */
  stop(): Promise<void>
}

export interface Ports {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly sealer: Sealer
  readonly mailer: Mailer
  readonly fetcher: Fetcher
  readonly background: Background
}

/** A random string of `length` bytes in base64url; 32 bytes satisfy every entropy rule of RFC 6749 §10.10. */
export function randomToken(random: Random, length = 32): string {
  return Buffer.from(random.bytes(length)).toString('base64url')
}

/** A random string of `length` bytes in hexadecimal. */
export function randomHex(random: Random, length = 12): string {
  return Buffer.from(random.bytes(length)).toString('hex')
}
