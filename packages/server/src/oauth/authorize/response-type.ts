/** Response types in their canonical order of words (OAuth 2.0 Multiple Response Types §5). */
export const responseTypes = [
  'code',
  'token',
  'id_token',
  'id_token token',
  'code token',
  'code id_token',
  'code id_token token',
  'none',
] as const
export type ResponseType = (typeof responseTypes)[number]

/** What an authorization response holds: the words of its response type. */
export type ResponsePart = 'code' | 'id_token' | 'token'

/** The response type that a request asks for, whatever the order of its words; `undefined` when there is none such. */
export function parseResponseType(value: string): ResponseType | undefined {
  const words = (text: string) => text.split(' ').filter(Boolean).sort().join(' ')
  return responseTypes.find((known) => words(known) === words(value))
}

export function hasPart(type: string, part: ResponsePart): boolean {
  return type.split(' ').includes(part)
}

/** Whether tokens travel through the browser: then never in a query (OAuth 2.0 Multiple Response Types §3.0). */
export function isFrontChannel(type: string): boolean {
  return hasPart(type, 'token') || hasPart(type, 'id_token')
}

/** The grants that a client must be allowed for this response type (OpenID Connect Registration §2 `response_types`). */
export function grantsFor(type: ResponseType): readonly string[] {
  return [
    ...(hasPart(type, 'code') ? ['authorization_code'] : []),
    ...(isFrontChannel(type) ? ['implicit'] : []),
  ]
}

/** How a response travels when the request does not say (OAuth 2.0 Multiple Response Types §5). */
export function defaultResponseMode(type: string | undefined): 'query' | 'fragment' {
  return type !== undefined && isFrontChannel(type) ? 'fragment' : 'query'
}
