import type { z } from 'zod'
import { type SettingMeta, settings } from './settings.ts'

/** A setting as the loader and the reference see it. */
export interface Setting extends SettingMeta {
  /** Dotted name, as in the file. */
  readonly name: string
  readonly path: readonly string[]
  /** Name in the environment, derived from the path. */
  readonly variable: string
  readonly default: unknown
  /** What a variable's text is read as. */
  readonly reads: 'text' | 'number' | 'number or list'
}

/** All settings in the order of the schema. */
export function allSettings(): readonly Setting[] {
  return leaves(settings, [])
}

/** `store.postgres.poolSize` → `VALETKEY_STORE_POSTGRES_POOL_SIZE`. */
export function variableFor(path: readonly string[]): string {
  const words = path.map((member) => member.replace(/[A-Z]/g, (letter) => `_${letter}`))
  return ['VALETKEY', ...words].join('_').toUpperCase()
}

type Schema = z.core.$ZodType

function leaves(schema: Schema, path: readonly string[]): readonly Setting[] {
  const def = bare(schema)._zod.def
  if (def.type !== 'object') return [leaf(schema, path)]
  const { shape } = def as z.core.$ZodObjectDef
  return Object.entries(shape).flatMap(([member, inner]) => leaves(inner, [...path, member]))
}

function leaf(schema: Schema, path: readonly string[]): Setting {
  const meta = (schema as z.ZodType).meta() as unknown as SettingMeta
  const def = schema._zod.def as z.core.$ZodTypeDef & { readonly defaultValue?: unknown }
  const type = bare(schema)._zod.def.type
  const reads = type === 'union' ? 'number or list' : type === 'number' ? 'number' : 'text'
  return {
    ...meta,
    name: path.join('.'),
    path,
    variable: variableFor(path),
    default: def.defaultValue,
    reads,
  }
}

/** The schema without the wrappers that only say what happens when the value is absent. */
function bare(schema: Schema): Schema {
  const { type, innerType } = schema._zod.def as z.core.$ZodTypeDef & { readonly innerType?: Schema }
  if (innerType === undefined || !['default', 'prefault', 'optional'].includes(type)) return schema
  return bare(innerType)
}
