import { z } from 'zod'

/** A member of an entry as the reference shows it. */
export interface Member {
  /** Dotted; `[]` after a list whose entries are groups. */
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
}

type Schema = z.core.$ZodType

/** All members of a kind of entry, in the order of its schema. */
export function membersOf(schema: Schema, path = ''): readonly Member[] {
  const { inner, isRequired } = bare(schema)
  const entry = inner instanceof z.ZodArray ? bare(inner.element).inner : undefined
  if (entry instanceof z.ZodObject) return inShape(entry, `${path}[].`)
  if (inner instanceof z.ZodObject) {
    const members = inShape(inner, path === '' ? '' : `${path}.`)
    // What is required in a group that may be absent is not required of the entry.
    return isRequired
      ? members
      : members.map((member) => ({
          ...member,
          isRequired: member.isRequired && member.name.slice(path.length).includes('[]'),
        }))
  }
  return [{ name: path, type: typeText(inner), isRequired }]
}

function inShape({ shape }: z.ZodObject, prefix: string): readonly Member[] {
  return Object.entries(shape).flatMap(([name, inner]) => membersOf(inner, prefix + name))
}

/** The schema without the wrappers that only say what happens when the value is absent, or what it becomes. */
function bare(schema: Schema): { readonly inner: Schema; readonly isRequired: boolean } {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return { ...bare(schema.unwrap()), isRequired: false }
  if (schema instanceof z.ZodPipe) return bare(schema.in)
  return { inner: schema, isRequired: true }
}

function typeText(schema: Schema): string {
  const { inner } = bare(schema)
  if (inner instanceof z.ZodString) return 'text'
  if (inner instanceof z.ZodBoolean) return 'true or false'
  if (inner instanceof z.ZodNumber) return numberText(inner)
  if (inner instanceof z.ZodEnum) return inner.options.map((word) => `\`${word}\``).join(', ')
  if (inner instanceof z.ZodLiteral) return [...inner.values].map(literalText).join(', ')
  if (inner instanceof z.ZodArray) return `list of ${typeText(inner.element)}`
  if (inner instanceof z.ZodUnion)
    return [...new Set(inner.options.map(typeText).filter((text) => text !== ''))].join(' or ')
  return inner instanceof z.ZodObject || inner instanceof z.ZodRecord ? 'group' : 'JSON'
}

// Empty text stands for nothing there, which the meaning explains.
function literalText(value: unknown): string {
  return value === '' ? '' : `\`${String(value)}\``
}

function numberText({ minValue, maxValue }: z.ZodNumber): string {
  const [least, most] = [minValue, maxValue].map((value) => (value === null ? '' : shown(value)))
  return least === '' || most === '' ? 'number' : `number, ${least} to ${most}`
}

function shown(value: number): string {
  return String(Math.round(value * 10_000) / 10_000)
}
