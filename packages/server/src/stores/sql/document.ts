/** Longest document, in characters of its JSON. */
export const DOCUMENT_LIMIT = 4 * 1024 * 1024

/** A value on its way into a JSON column; `json` is absent when JSON cannot hold the value. */
export interface Document {
  readonly document: true
  readonly json: string | undefined
}

/** Encodes what is only stored and read, never searched. The JSON is ASCII-safe where it must be: NUL and lone surrogates are escaped. */
export function document(value: unknown): Document {
  return { document: true, json: encode(value) }
}

/** Reads a JSON column as the type that its encoder was given. */
export function decoded<Body>(json: string): Body {
  return JSON.parse(json)
}

export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && 'document' in value
}

function encode(value: unknown): string | undefined {
  try {
    const json: string | undefined = JSON.stringify(value)
    if (json === undefined || json.length > DOCUMENT_LIMIT) return undefined
    // JSON writes NaN and Infinity as null, so only a text with a null in it needs the slower look.
    return json.includes('null') && holdsBrokenNumber(value) ? undefined : json
  } catch {
    // A cycle or a bigint.
    return undefined
  }
}

function holdsBrokenNumber(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value)
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBrokenNumber)
}
