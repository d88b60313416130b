import type { z } from 'zod'
import { type Checked, check, withSuggestions } from './check.ts'
import type { Mistake, Path } from './mistake.ts'

/**
 * What a member that Auth0 knows, and this version does not act upon, may say: `off` is null, false, empty, or a group of
 * such values; `anything` is for what changes neither security nor what a person or a client sees; a list names the
 * values that mean Auth0's default; `within` looks into a group, where what it does not name must be off. Whatever else is
 * said is a mistake, since ignoring it would be a silent change.
 */
export type Inert = 'off' | 'anything' | readonly unknown[] | { readonly within: InertMembers }
export type InertMembers = Readonly<Record<string, Inert>>

/** One kind of entry: what is acted upon, and what is only known. */
export interface Noun<Schema extends z.ZodType> {
  readonly schema: Schema
  readonly members: readonly string[]
  readonly inert: InertMembers
}

/** Declares a kind of entry from the shape that is acted upon and the members that are only known. */
export function noun<Schema extends z.ZodObject>(schema: Schema, inert: InertMembers): Noun<Schema> {
  return { schema, members: Object.keys(schema.shape), inert }
}

/** Reads an entry. Members that are null count as absent, as Auth0 writes them. */
export function checkNoun<Schema extends z.ZodType>(
  kind: Noun<Schema>,
  value: unknown,
  path: Path,
): Checked<z.output<Schema>> {
  if (!isGroup(value)) return check(kind.schema, value, path)
  const given = Object.entries(value).filter(([, member]) => member !== null)
  const isInert = (name: string) => Object.hasOwn(kind.inert, name)
  const unsupported = given.flatMap(([name, member]) =>
    isInert(name) ? inertMistakes(kind.inert[name], member, [...path, name]) : [],
  )
  const checked = check(kind.schema, Object.fromEntries(given.filter(([name]) => !isInert(name))), path)
  const mistakes = [...unsupported, ...(checked.kind === 'mistaken' ? checked.mistakes : [])]
  if (checked.kind === 'valid' && mistakes.length === 0) return checked
  return { kind: 'mistaken', mistakes: withSuggestions(mistakes, kind.members) }
}

function inertMistakes(accepted: Inert | undefined, value: unknown, path: Path): readonly Mistake[] {
  if (accepted === 'anything' || value === null) return []
  if (isRule(accepted) && isGroup(value))
    return Object.entries(value).flatMap(([name, member]) => {
      const inner = Object.hasOwn(accepted.within, name) ? accepted.within[name] : 'off'
      return inertMistakes(inner, member, [...path, name])
    })
  const isDefault = Array.isArray(accepted)
    ? accepted.some((one) => JSON.stringify(one) === JSON.stringify(value))
    : isOff(value)
  return isDefault ? [] : [{ path, message: 'is not supported by this version; remove it' }]
}

function isRule(accepted: Inert | undefined): accepted is { readonly within: InertMembers } {
  return typeof accepted === 'object' && 'within' in accepted
}

/** Whether a value switches nothing on. */
export function isOff(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isGroup(value) && Object.values(value).every(isOff)
}

export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
