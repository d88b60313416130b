import { type Document, isDocument } from './document.ts'
import { isStorableText } from './text.ts'

/** What a statement can carry: `undefined` is stored as null. */
export type Value = string | number | null | undefined | Document

/** Why a statement cannot be asked of any engine. */
export type Fault = 'text' | 'number' | 'document'

/** One statement, or a part of one. Equal `shape`s have equal text. */
export interface Query {
  readonly strings: TemplateStringsArray
  readonly parts: readonly (Value | Query)[]
  readonly values: readonly (string | number | null)[]
  readonly shape: readonly TemplateStringsArray[]
  readonly fault: Fault | undefined
}

/**
 * Writes SQL. `${}` takes a value, which travels beside the text, or another query, which becomes part of it; one
 * position always takes the same of the two.
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly (Value | Query)[]): Query {
  const values: (string | number | null)[] = []
  const shape: TemplateStringsArray[] = [strings]
  let fault: Fault | undefined
  for (const part of parts) {
    if (isQuery(part)) {
      values.push(...part.values)
      shape.push(...part.shape)
      fault ??= part.fault
    } else {
      values.push(isDocument(part) ? (part.json ?? null) : (part ?? null))
      fault ??= faultOf(part)
    }
  }
  return { strings, parts, values, shape, fault }
}

export function isQuery(part: Value | Query): part is Query {
  return typeof part === 'object' && part !== null && 'strings' in part
}

function faultOf(value: Value): Fault | undefined {
  if (typeof value === 'string') return isStorableText(value) ? undefined : 'text'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? undefined : 'number'
  if (isDocument(value)) return value.json === undefined ? 'document' : undefined
  return undefined
}
