// Owns what every storage engine must keep, races included. Knows no engine: a test file of ten lines calls it.
import { after, before, describe } from 'node:test'
import type { Store } from '../../src/domain/store.ts'
import { artifactsContract } from './contract/artifacts.ts'
import { cascadesContract } from './contract/cascades.ts'
import { expiryContract } from './contract/expiry.ts'
import { givenAccessContract } from './contract/given-access.ts'
import { hostileNumbersContract } from './contract/hostile-numbers.ts'
import { hostileTextContract } from './contract/hostile-text.ts'
import { isolationContract } from './contract/isolation.ts'
import { pagingContract } from './contract/paging.ts'
import { racesContract } from './contract/races.ts'
import { refreshTokensContract } from './contract/refresh-tokens.ts'
import { rowsContract } from './contract/rows.ts'
import { type Given, scenes } from './contract/scene.ts'
import { sessionClientsContract } from './contract/session-clients.ts'
import { smallNounsContract } from './contract/small-nouns.ts'
import { uniqueContract } from './contract/unique.ts'

/** What a contract test runs against. */
export interface OpenedStores {
  /** Migrated handles on the same empty data, as processes have them that share a database; at least one. */
  readonly stores: readonly [Store, ...Store[]]
  close(): Promise<void>
}

/** Declares the tests of one engine. `open` is called once, before them. */
export function storeContract(name: string, open: () => Promise<OpenedStores>): void {
  describe(name, () => {
    let opened: OpenedStores | undefined
    before(async () => {
      opened = await open()
    })
    after(() => opened?.close())
    const given: Given = scenes(() => {
      if (!opened) throw new Error('the store is not open')
      return opened.stores
    })
    rowsContract(given)
    uniqueContract(given)
    pagingContract(given)
    smallNounsContract(given)
    sessionClientsContract(given)
    givenAccessContract(given)
    artifactsContract(given)
    refreshTokensContract(given)
    expiryContract(given)
    cascadesContract(given)
    isolationContract(given)
    racesContract(given)
    hostileTextContract(given)
    hostileNumbersContract(given)
  })
}
