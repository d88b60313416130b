import { isDeepStrictEqual } from 'node:util'
import type { Mistake } from '@valetkey/api'
import type { ClientId } from '../domain/ids.ts'
import type { Page, PageRequest, Rows } from '../domain/store.ts'

/** What an application of a tenant file does with one entry. */
export interface Step {
  readonly kind: 'created' | 'updated' | 'unchanged'
  readonly noun: NounName
  /** What people call it. */
  readonly name: string
  /** Carries the step out; does nothing when nothing changes. */
  write(): Promise<void>
}

export type NounName = 'tenant' | 'client' | 'API' | 'client grant' | 'database' | 'role' | 'user'

/** A client secret that was made here and is shown once. */
export interface NewSecret {
  readonly clientId: ClientId
  readonly name: string
  readonly secret: string
}

/** The steps for one kind of entry, and what the store shows to be wrong. */
export interface Plan {
  readonly steps: readonly Step[]
  readonly mistakes: readonly Mistake[]
}

type Row<Id> = { readonly id: Id; readonly version: number }

/** The step that brings a row to `wanted`. Times and versions do not count as a change. */
export function rowStep<Id, Noun extends Row<Id>>(
  label: Pick<Step, 'noun' | 'name'>,
  rows: Rows<Id, Noun>,
  stored: Noun | undefined,
  wanted: Noun,
): Step {
  if (stored === undefined) {
    const create = async () => {
      await rows.create(wanted)
    }
    return { ...label, kind: 'created', write: create }
  }
  if (isDeepStrictEqual(content(stored), content(wanted)))
    return { ...label, kind: 'unchanged', write: async () => undefined }
  const replace = async () => {
    const { kind } = await rows.update({ ...wanted, version: stored.version })
    if (kind !== 'updated')
      throw new Error(`the ${label.noun} ${label.name} was changed at the same time; apply the file again`)
  }
  return { ...label, kind: 'updated', write: replace }
}

function content(noun: object): unknown {
  const { createdAt, updatedAt, version, ...rest } = noun as Record<string, unknown>
  return JSON.parse(JSON.stringify(rest))
}

/** All rows, page by page. */
export async function listAll<Noun>(
  list: (page: PageRequest) => Promise<Page<Noun>>,
): Promise<readonly Noun[]> {
  const all: Noun[] = []
  let after: string | undefined
  do {
    const page: Page<Noun> = await list({ limit: 1000, ...(after !== undefined && { after }) })
    all.push(...page.items)
    after = page.next
  } while (after !== undefined)
  return all
}

/** The results in order, with at most `size` calls under way. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  size: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (let start = 0; start < items.length; start += size)
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))))
  return results
}

type Compact<Value> = { [Member in keyof Value]: Exclude<Value[Member], undefined> }

/** The object without its undefined members, as the domain's types want it. */
export function compact<Value extends object>(value: Value): Compact<Value> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as Compact<Value>
}
