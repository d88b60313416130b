import { z } from 'zod'
import { type Checked, check, withSuggestions } from './check.ts'
import type { Mistake, Path } from './mistake.ts'

/**
 * What a member that Auth0 knows, and this version does not act upon, may say: `off` is null, false, empty, or a group of
 * such values; `anything` is for what changes neither security nor what a person or a client sees; a list names the
 * values that mean Auth0's default; `within` looks into a group, where what it does not name must be off. Whatever else is
 * said is a mistake, since ignoring it would be a silent change. `instead` completes its message where this server has
 * something else for it. `ignored` makes it a warning, which says what happens here, unless the value is one of `unless`.
 */
export type Inert =
  | 'off'
  | 'anything'
  | readonly unknown[]
  | { readonly within: InertMembers }
  | { readonly instead: string }
  | { readonly ignored: string; readonly unless: readonly unknown[] }
export type InertMembers = Readonly<Record<string, Inert>>

/** One kind of entry: what is acted upon, and what is only known. */
export interface Noun<Schema extends z.ZodType> {
  readonly schema: Schema
  readonly members: readonly string[]
  /** Members of `valetkey`, which are not Auth0's. */
  readonly ownMembers: readonly string[]
  readonly inert: InertMembers
}

/** Declares a kind of entry from the shape that is acted upon and the members that are only known. */
export function noun<Schema extends z.ZodObject>(schema: Schema, inert: InertMembers): Noun<Schema> {
  const own = schema.shape.valetkey
  const bare = own instanceof z.ZodOptional ? own.unwrap() : own
  const ownMembers = bare instanceof z.ZodObject ? Object.keys(bare.shape) : []
  return { schema, members: Object.keys(schema.shape), ownMembers, inert }
}

/** An entry that was read, and what of it does not do here what it says. */
export type CheckedNoun<Value> = Checked<Value> & { readonly warnings: readonly Mistake[] }

/** Reads an entry. Members that are null count as absent, as Auth0 writes them. */
export function checkNoun<Schema extends z.ZodType>(
  kind: Noun<Schema>,
  value: unknown,
  path: Path,
): CheckedNoun<z.output<Schema>> {
  if (!isGroup(value)) return { ...check(kind.schema, value, path), warnings: [] }
  const given = Object.entries(value).filter(([, member]) => member !== null)
  const isInert = (name: string) => Object.hasOwn(kind.inert, name)
  const found = given.flatMap(([name, member]) =>
    isInert(name) ? inertFindings(kind.inert[name], member, [...path, name]) : [],
  )
  const unsupported = found.filter(({ isWarning }) => !isWarning).map(toMistake)
  const warnings = found.filter(({ isWarning }) => isWarning).map(toMistake)
  const checked = check(kind.schema, Object.fromEntries(given.filter(([name]) => !isInert(name))), path)
  const mistakes = [...unsupported, ...(checked.kind === 'mistaken' ? checked.mistakes : [])]
  if (checked.kind === 'valid' && mistakes.length === 0) return { ...checked, warnings }
  const placed = mistakes.map((mistake) => withPlace(mistake, kind, path))
  return { kind: 'mistaken', mistakes: withSuggestions(placed, kind.members), warnings }
}

/** Whether a known member stands where it does not belong: beside `valetkey` instead of in it, or the reverse. */
function withPlace({ path, message }: Mistake, kind: Noun<z.ZodType>, entry: Path): Mistake {
  const [first, second, ...more] = path.slice(entry.length)
  if (message !== 'is no known member' || more.length > 0) return { path, message }
  if (second === undefined && kind.ownMembers.some((name) => name === first))
    return { path, message: 'stands under valetkey' }
  const isMisplaced = first === 'valetkey' && kind.members.some((name) => name === second)
  return { path, message: isMisplaced ? 'stands beside valetkey, not in it' : message }
}

interface Finding extends Mistake {
  readonly isWarning: boolean
}

function toMistake({ path, message }: Finding): Mistake {
  return { path, message }
}

function inertFindings(accepted: Inert | undefined, value: unknown, path: Path): readonly Finding[] {
  if (accepted === 'anything' || value === null) return []
  const rule = typeof accepted === 'object' && !isList(accepted) ? accepted : undefined
  if (rule !== undefined && 'ignored' in rule)
    return isOneOf(rule.unless, value) ? [] : [{ path, message: rule.ignored, isWarning: true }]
  if (rule !== undefined && 'within' in rule && isGroup(value))
    return Object.entries(value).flatMap(([name, member]) => {
      const inner = Object.hasOwn(rule.within, name) ? rule.within[name] : 'off'
      return inertFindings(inner, member, [...path, name])
    })
  if (isList(accepted) ? isOneOf(accepted, value) : isOff(value)) return []
  const instead = rule !== undefined && 'instead' in rule ? rule.instead : 'remove it'
  return [{ path, message: `is not supported by this version; ${instead}`, isWarning: false }]
}

function isList(accepted: Inert | undefined): accepted is readonly unknown[] {
  return Array.isArray(accepted)
}

function isOneOf(values: readonly unknown[], value: unknown): boolean {
  return values.some((one) => JSON.stringify(one) === JSON.stringify(value))
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
