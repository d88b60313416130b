import { serves } from '../../domain/user.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineCheck } from './check.ts'

// The sentences are Auth0's: applications show them, and its SDKs compare the first.
const unknownConnection = rule({
  id: 'authorize.connection_unknown',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'invalid_request',
  description: 'the connection was not found',
})
const disabledConnection = rule({
  id: 'authorize.connection_disabled',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'invalid_request',
  description: 'the connection was disabled',
})
const organizationNotAllowed = rule({
  id: 'authorize.organization_not_allowed',
  clause: 'RFC 6749 §4.1.2.1',
  error: 'invalid_request',
  description: 'parameter organization is not allowed for this client',
})

/**
 * Whom the application expects to log in: Auth0's `connection` and `organization`. A request that names what cannot be had
 * is refused, since its application relies on it.
 */
export const checkConnection = defineCheck<undefined>({
  rules: [organizationNotAllowed, unknownConnection, disabledConnection],
  async check({ connection: name, organization }, client, call) {
    // No client can be enabled for organizations yet.
    if (organization !== undefined) throw refuse(organizationNotAllowed)
    if (name === undefined) return undefined
    const connection = await call.store.connections.findByName(name)
    if (connection === undefined) throw refuse(unknownConnection)
    if (!serves(connection, client.id)) throw refuse(disabledConnection)
    return undefined
  },
})
