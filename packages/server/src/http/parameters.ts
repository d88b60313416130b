import type { Context } from 'hono'
import type { RawParameter, RawParameters } from '../oauth/params.ts'
import { refuse } from '../oauth/refusal.ts'
import { rule } from '../oauth/rule.ts'
import { header } from './header.ts'

const contentType = rule({
  id: 'body.content_type',
  clause: 'RFC 6749 §3.2',
  error: 'invalid_request',
  description: 'The body must be application/x-www-form-urlencoded or application/json',
})
const formExpected = rule({
  id: 'body.form_expected',
  clause: 'RFC 6749 §3.1',
  error: 'invalid_request',
  description: 'The body must be application/x-www-form-urlencoded',
})
const jsonExpected = rule({
  id: 'body.json_expected',
  clause: 'RFC 7591 §3.1',
  error: 'invalid_request',
  description: 'The body must be application/json',
})
const malformedBody = rule({
  id: 'body.malformed',
  clause: 'RFC 6749 Appendix B',
  error: 'invalid_request',
  description: 'The body is not well-formed UTF-8',
})
const malformedJson = rule({
  id: 'body.malformed_json',
  clause: 'RFC 8259 §2',
  error: 'invalid_request',
  description: 'The body is not well-formed JSON',
})
const noObject = rule({
  id: 'body.no_object',
  clause: 'RFC 7591 §3.1',
  error: 'invalid_request',
  description: 'The body is not a JSON object',
})
const tooLarge = rule({
  id: 'body.too_large',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_request',
  description: 'The body is too large',
})
const repeatedMember = rule({
  id: 'body.repeated_member',
  clause: 'RFC 6749 §3.2',
  error: 'invalid_request',
  description: 'A member of the JSON object is repeated',
})
export const bodyRules = [
  contentType,
  formExpected,
  jsonExpected,
  tooLarge,
  malformedBody,
  malformedJson,
  noObject,
  repeatedMember,
] as const

/** The parameters of the query. */
export function queryParameters(context: Context): RawParameters {
  const start = context.req.url.indexOf('?')
  return start < 0 ? [] : parseForm(context.req.url.slice(start + 1).split('#')[0] ?? '')
}

/** The parameters of a form, which is what browsers send. Throws a refusal otherwise. */
export async function formParameters(context: Context, limitBytes: number): Promise<RawParameters> {
  if (mediaType(context) !== 'application/x-www-form-urlencoded') throw refuse(formExpected)
  return parseForm(await bodyText(context, limitBytes))
}

function mediaType(context: Context): string | undefined {
  return (header(context, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase()
}

/** The parameters of a program's body: form-encoded, or a JSON object as Auth0's SDKs send. Throws a refusal otherwise. */
export async function bodyParameters(context: Context, limitBytes: number): Promise<RawParameters> {
  const type = mediaType(context)
  if (type !== 'application/x-www-form-urlencoded' && type !== 'application/json') throw refuse(contentType)
  const text = await bodyText(context, limitBytes)
  return type === 'application/json' ? parseJson(text) : parseForm(text)
}

async function bodyText(context: Context, limitBytes: number): Promise<string> {
  const bytes = await bodyBytes(context, limitBytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw refuse(malformedBody)
  }
}

async function bodyBytes(context: Context, limitBytes: number): Promise<ArrayBuffer | Buffer> {
  const announced = header(context, 'content-length')
  if (Number(announced ?? 0) > limitBytes) throw refuse(tooLarge)
  // An announced length is enforced by the HTTP parser; a chunked body has to be counted.
  if (announced !== undefined) return context.req.arrayBuffer()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of context.req.raw.body ?? []) {
    length += chunk.byteLength
    if (length > limitBytes) throw refuse(tooLarge)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Splits `application/x-www-form-urlencoded` (RFC 6749 Appendix B). A value that is not UTF-8 is kept as absent. */
export function parseForm(text: string): RawParameters {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      const name = decode(equals < 0 ? pair : pair.slice(0, equals)) ?? ''
      return { name, value: equals < 0 ? '' : decode(pair.slice(equals + 1)) }
    })
}

function decode(component: string): string | undefined {
  if (!/[%+]/.test(component)) return component
  try {
    return decodeURIComponent(component.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** The members of a JSON body (RFC 7591 §3.1). Throws a refusal. */
export async function bodyObject(
  context: Context,
  limitBytes: number,
): Promise<Readonly<Record<string, unknown>>> {
  if (mediaType(context) !== 'application/json') throw refuse(jsonExpected)
  return jsonObject(await bodyText(context, limitBytes))
}

function jsonObject(text: string): Readonly<Record<string, unknown>> {
  const json = parsedJson(text)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw refuse(noObject)
  if (hasRepeatedMember(text)) throw refuse(repeatedMember)
  return Object.fromEntries(Object.entries(json))
}

// Readers of JSON differ in which of two they take (RFC 8259 §4). `text` is well-formed.
function hasRepeatedMember(text: string): boolean {
  const names = new Set<string>()
  let depth = 0
  for (const [token, name, colon] of text.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    else if (depth === 1 && name !== undefined && colon !== undefined) {
      const read: string = JSON.parse(name)
      if (names.has(read)) return true
      names.add(read)
    }
  }
  return false
}

function parseJson(text: string): RawParameters {
  return Object.entries(jsonObject(text)).flatMap(([name, value]) => jsonParameters(name, value))
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refuse(malformedJson)
  }
}

// Auth0 takes `scope` as an array too; null is how some SDKs leave a member out; other types are no parameter values.
function jsonParameters(name: string, value: unknown): readonly RawParameter[] {
  if (value === null) return []
  if (name === 'scope' && Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return [{ name, value: value.join(' ') }]
  }
  return [{ name, value: typeof value === 'string' ? value : undefined }]
}
