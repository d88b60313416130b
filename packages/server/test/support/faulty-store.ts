// A store that is real but for one verb, which does not answer.
import { type Store, StoreUnavailable, type TenantStore } from '../../src/domain/store.ts'

export interface FaultyStore {
  readonly store: Store
  /** Runs something, and answers which verbs it used: `clients.find`. */
  verbsOf(run: () => Promise<unknown>): Promise<readonly string[]>
  /** Runs something while this verb throws `StoreUnavailable`. */
  without<Made>(verb: string, run: () => Promise<Made>): Promise<Made>
}

export function faultyStore(whole: Store): FaultyStore {
  const used = new Set<string>()
  let away: string | undefined

  /** The same object, with every verb watched. */
  function watched<Noun extends object>(noun: string, verbs: Noun): Noun {
    return new Proxy(verbs, {
      get(target, member) {
        const verb: unknown = Reflect.get(target, member)
        if (typeof verb !== 'function') return verb
        return (...given: unknown[]) => {
          const name = `${noun}.${String(member)}`
          used.add(name)
          if (name === away) return Promise.reject(new StoreUnavailable(new Error('away')))
          return verb.apply(target, given)
        }
      },
    })
  }

  const forTenant: Store['forTenant'] = (id) =>
    new Proxy<TenantStore>(whole.forTenant(id), {
      get(target, noun) {
        const verbs: unknown = Reflect.get(target, noun)
        return typeof verbs === 'object' && verbs !== null ? watched(String(noun), verbs) : verbs
      },
    })

  return {
    store: { ...whole, tenants: watched('tenants', whole.tenants), forTenant },
    async verbsOf(run) {
      used.clear()
      await run()
      return [...used]
    },
    async without(verb, run) {
      away = verb
      try {
        return await run()
      } finally {
        away = undefined
      }
    },
  }
}
