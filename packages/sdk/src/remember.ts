import { Refusal, retryAfterSeconds } from './refusal.ts'

/** Something that the authorization server publishes, kept between requests. */
export type Remembered<T> = {
  /** The value, at most ten minutes old. While the server fails, up to a day old. Throws unavailable without one. */
  readonly current: () => Promise<T>
  /** A value asked for anew, for when the current one is not enough. Asks at most every 30 seconds and gives the
   * current one in between. Throws unavailable when the last attempt failed. */
  readonly renewed: () => Promise<T>
}

const FRESH_SECONDS = 600
// Access tokens rarely outlive a day; longer, and an outage would keep a revoked key alive.
const STALE_SECONDS = 86_400
const COOL_DOWN_SECONDS = 30

type Attempt = { readonly at: number; readonly failure?: Refusal }

/** Remembers what `load` gives, and for a while that it threw unavailable. Requests that arrive while it is loading share the one load. `now`: epoch seconds. */
export function remember<T>(load: () => Promise<T>, now: () => number): Remembered<T> {
  let held: { readonly value: T; readonly at: number } | undefined
  let last: Attempt | undefined
  let loading: Promise<T> | undefined

  async function reload(): Promise<T> {
    const at = now()
    try {
      const value = await load()
      held = { value, at }
      last = { at }
      return value
    } catch (failure) {
      if (failure instanceof Refusal) last = { at, failure }
      throw failure
    } finally {
      loading = undefined
    }
  }

  function attempt(): Promise<T> {
    if (last?.failure && now() - last.at < retryAfterSeconds) return Promise.reject(last.failure)
    loading ??= reload()
    return loading
  }

  return {
    async current() {
      if (held && now() - held.at < FRESH_SECONDS) return held.value
      try {
        return await attempt()
      } catch (failure) {
        if (held && now() - held.at < STALE_SECONDS) return held.value
        throw failure
      }
    },
    async renewed() {
      const isCoolingDown = last !== undefined && !last.failure && now() - last.at < COOL_DOWN_SECONDS
      return held && isCoolingDown ? held.value : attempt()
    },
  }
}
