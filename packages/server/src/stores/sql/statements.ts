import { isQuery, type Query } from './query.ts'

/**
 * Makes each statement of an engine once: `make` gets the text with placeholders, and later queries of the same shape
 * get the same statement without building a string.
 */
export function statements<Statement>(
  placeholder: (position: number) => string,
  make: (text: string) => Statement,
): (query: Query) => Statement {
  const byTemplate = new WeakMap<TemplateStringsArray, { shape: Query['shape']; statement: Statement }[]>()
  return (query) => {
    const variants = byTemplate.get(query.strings) ?? []
    const known = variants.find(({ shape }) => sameShape(shape, query.shape))
    if (known) return known.statement
    const statement = make(render(query, placeholder))
    byTemplate.set(query.strings, [...variants, { shape: query.shape, statement }])
    return statement
  }
}

/** The text of a query. `placeholder`: how the engine writes the value at a position, counted from 1. */
export function render(query: Query, placeholder: (position: number) => string): string {
  let position = 0
  const text = ({ strings, parts }: Query): string =>
    String.raw(strings, ...parts.map((part) => (isQuery(part) ? text(part) : placeholder(++position))))
  return text(query)
}

function sameShape(left: Query['shape'], right: Query['shape']): boolean {
  return left.length === right.length && left.every((strings, index) => strings === right[index])
}
