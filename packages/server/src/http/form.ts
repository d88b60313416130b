import type { Context } from 'hono'
import { Refusal } from '../oauth/refusal.ts'
import { formParameters } from './parameters.ts'
import type { ServerContext } from './server-context.ts'

/** The fields of one of our own forms. */
export interface Form {
  /** The only value of a field; the empty string when it is absent, repeated or not text. */
  one(name: string): string
  all(name: string): readonly string[]
}

/** Reads a posted form; a body that is none reads as an empty one, which no CSRF token lets through. */
export async function readForm(c: Context, context: ServerContext): Promise<Form> {
  const parameters = await formParameters(c, context.requestBodyBytes).catch((error: unknown) => {
    if (error instanceof Refusal) return []
    throw error
  })
  const all = (name: string) =>
    parameters.flatMap((parameter) => (parameter.name === name ? [parameter.value ?? ''] : []))
  return {
    all,
    one(name) {
      const [value, ...others] = all(name)
      return value === undefined || others.length > 0 ? '' : value
    },
  }
}
