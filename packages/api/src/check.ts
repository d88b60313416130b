import { z } from 'zod'
import { didYouMean } from './did-you-mean.ts'
import type { Mistake, Path } from './mistake.ts'

export type Checked<Value> =
  | { readonly kind: 'valid'; readonly value: Value }
  | { readonly kind: 'mistaken'; readonly mistakes: readonly Mistake[] }

/** Reads a value through a schema. Every mistake carries the path in the document and what was expected. */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: Path,
): Checked<z.output<Schema>> {
  const result = schema.safeParse(value, { error: expectation })
  if (result.success) return { kind: 'valid', value: result.data }
  return { kind: 'mistaken', mistakes: result.error.issues.flatMap((issue) => mistakesOf(issue, path)) }
}

function mistakesOf(issue: z.core.$ZodIssue, path: Path): readonly Mistake[] {
  const at = [...path, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path: [...at, key], message: 'is no known member' }))
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element')
    return [{ path: at, message: issue.issues[0]?.message ?? 'is not valid' }]
  return [{ path: at, message: issue.message }]
}

/** What a schema without words of its own expected. */
function expectation(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined && issue.code === 'invalid_type') return 'is required'
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeWords[issue.expected as string] ?? 'another type'}${exampleOf(issue)}`
    case 'invalid_value':
      return `expected ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty'
      return `expected at least ${issue.minimum}${unitOf(issue.origin)}`
    case 'too_big':
      return `expected at most ${issue.maximum}${unitOf(issue.origin)}`
    case 'unrecognized_keys':
      return 'is no known member'
    default:
      return 'has a form that is not accepted here'
  }
}

// Where one word stands, its owner most likely meant the member that says what the group is called.
function exampleOf({ expected, input, inst }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string {
  const [first] = inst instanceof z.ZodObject ? Object.keys(inst.shape) : []
  const isWord = typeof input === 'string' && expected === 'object' && first !== undefined
  return isWord ? ` such as { ${first}: … }` : ''
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of members',
  record: 'a group of members',
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters'
  return origin === 'array' || origin === 'object' || origin === 'record' ? ' entries' : ''
}

/** Adds the nearest known name to every report of an unknown member. */
export function withSuggestions(mistakes: readonly Mistake[], known: Iterable<string>): readonly Mistake[] {
  const names = [...known]
  return mistakes.map((mistake) => {
    if (mistake.message !== 'is no known member') return mistake
    return { ...mistake, message: `${mistake.message}${didYouMean(String(mistake.path.at(-1)), names)}` }
  })
}
