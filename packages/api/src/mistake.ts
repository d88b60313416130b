/** Where a value stands in a document: member names and list positions from 0. */
export type Path = readonly (string | number)[]

/** What is wrong with a document and where. Messages never hold the value, which may be a secret. */
export interface Mistake {
  readonly path: Path
  readonly message: string
}

/** `['clients', 2, 'callbacks', 0]` → `clients[2].callbacks[0]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')
}
