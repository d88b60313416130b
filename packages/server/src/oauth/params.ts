import { refuse } from './refusal.ts'
import { rule } from './rule.ts'

/** One parameter as it arrived. `value` is absent when it was not UTF-8 or not a string. */
export interface RawParameter {
  readonly name: string
  readonly value: string | undefined
}
export type RawParameters = readonly RawParameter[]

type Presence = 'required' | 'optional' | 'many'

export interface ParameterSpec<P extends Presence = Presence> {
  readonly presence: P
  /** In UTF-16 code units. */
  readonly maxLength: number
}
export type ParameterSpecs = Readonly<Record<string, ParameterSpec>>

/** The typed values of declared parameters: what comes after never sees the raw request. */
export type Params<Specs extends ParameterSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends ParameterSpec<'required'>
    ? string
    : Specs[Name] extends ParameterSpec<'many'>
      ? readonly string[]
      : string | undefined
}

const defaultMaxLength = 4096

export const required = (maxLength = defaultMaxLength): ParameterSpec<'required'> => ({
  presence: 'required',
  maxLength,
})
export const optional = (maxLength = defaultMaxLength): ParameterSpec<'optional'> => ({
  presence: 'optional',
  maxLength,
})
/** A parameter that its specification allows to repeat, such as `resource` (RFC 8707 §2). */
export const many = (maxLength = defaultMaxLength): ParameterSpec<'many'> => ({ presence: 'many', maxLength })

const repeated = rule({
  id: 'parameter.repeated',
  clause: 'RFC 6749 §3.1',
  error: 'invalid_request',
  description: 'Parameter must not be repeated: {parameter}',
})
const missing = rule({
  id: 'parameter.missing',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_request',
  description: 'Missing required parameter: {parameter}',
})
const malformed = rule({
  id: 'parameter.malformed',
  clause: 'RFC 6749 Appendix A',
  error: 'invalid_request',
  description: 'Parameter must be a UTF-8 string without control characters: {parameter}',
})
const tooLong = rule({
  id: 'parameter.too_long',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_request',
  description: 'Parameter is too long: {parameter}',
})

/** The rules of reading, in the order in which they are checked. */
export const parameterRules = [malformed, tooLong, repeated, missing] as const

// Control characters, and surrogates without a partner: neither can be stored nor answered.
const unusable = /[\x00-\x1f\x7f]|\p{Surrogate}/u

/** Reads the declared parameters and ignores all others (RFC 6749 §3.1). Throws `invalid_request` naming the parameter. */
export function readParams<Specs extends ParameterSpecs>(raw: RawParameters, specs: Specs): Params<Specs> {
  const found: Record<string, string | readonly string[] | undefined> = {}
  for (const [name, spec] of Object.entries(specs)) found[name] = readOne(raw, name, spec)
  return found as Params<Specs>
}

function readOne(
  raw: RawParameters,
  name: string,
  spec: ParameterSpec,
): string | readonly string[] | undefined {
  const values: string[] = []
  for (const parameter of raw) {
    if (parameter.name !== name) continue
    if (parameter.value === undefined || unusable.test(parameter.value))
      throw refuse(malformed, undefined, name)
    if (parameter.value.length > spec.maxLength) throw refuse(tooLong, undefined, name)
    // RFC 6749 §3.1: a parameter without a value counts as omitted.
    if (parameter.value !== '') values.push(parameter.value)
  }
  if (spec.presence === 'many') return values
  if (values.length > 1) throw refuse(repeated, undefined, name)
  if (values.length === 0 && spec.presence === 'required') throw refuse(missing, undefined, name)
  return values[0]
}

/** Reads one parameter where a broken one must not hide the first problem: absent unless it is there once and usable. */
export function lenientParam(raw: RawParameters, name: string): string | undefined {
  const values = raw.filter((parameter) => parameter.name === name)
  const value = values.length === 1 ? values[0]?.value : undefined
  return value === undefined || value === '' || unusable.test(value) || value.length > 32_768
    ? undefined
    : value
}
