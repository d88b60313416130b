// Owns what a process remembers of a tenant, and for how long. Knows no SQL.
import { Remembered } from './remembered.ts'

/** Age at which the version is asked for again, beside the traffic … */
const ASK_AFTER_MS = 1000
/** … and at which nothing remembered is answered any more. */
const STALE_AFTER_MS = 2000

/**
 * Keeps what is remembered of a tenant true: our own changes are forgotten at once, those of other processes are
 * noticed by the tenant's change version, which is asked for only while there is traffic.
 */
export class TenantCache {
  readonly #changeVersion: () => Promise<number>
  #remembered = new Remembered()
  #version: number | undefined
  /** When the newest answered question was asked. Real time: the virtual clock of tests must not stop it. */
  #askedAt = Number.NEGATIVE_INFINITY
  #asking: Promise<void> | undefined

  constructor(changeVersion: () => Promise<number>) {
    this.#changeVersion = changeVersion
  }

  /** What is remembered and not older than two seconds; `undefined` when the version must be asked for first. */
  get fresh(): Remembered | undefined {
    const age = performance.now() - this.#askedAt
    if (age < ASK_AFTER_MS) return this.#remembered
    if (age >= STALE_AFTER_MS) return undefined
    this.confirm().catch(() => undefined)
    return this.#remembered
  }

  /** Asks for the version, once for all who wait, and forgets everything when it has changed. */
  confirm(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  /** Forgets after a change of our own, whether or not it succeeded: a failed answer does not undo a commit. */
  forget(): void {
    this.#remembered = new Remembered()
  }

  async #ask(): Promise<void> {
    const askedAt = performance.now()
    const version = await this.#changeVersion()
    if (version !== this.#version) this.forget()
    this.#version = version
    this.#askedAt = askedAt
  }
}
