import { optional, readParams } from '../params.ts'
import type { ClientAuthRequest } from './client-auth-method.ts'

/** The `client_id` of a request that proves nothing by itself: no header, no secret, no assertion. */
export function namedClient({ authorization, parameters }: ClientAuthRequest): string | undefined {
  const { client_id, client_secret, client_assertion } = readParams(parameters, {
    client_id: optional(),
    client_secret: optional(),
    client_assertion: optional(16_384),
  })
  const proves = authorization !== undefined || client_secret !== undefined || client_assertion !== undefined
  return proves ? undefined : client_id
}
