import { randomToken } from '../../domain/ports.ts'
import { hashed } from '../../domain/secrets.ts'
import { StoreConflict } from '../../domain/store.ts'
import type { Call } from '../call.ts'
import {
  type DeviceAuthorization,
  deviceAuthorization,
  deviceCodeLifetimeSeconds,
  deviceGrantType,
  expiredCodeMemorySeconds,
  pollIntervalSeconds,
  userCodeKind,
} from '../device/device-authorization.ts'
import { newUserCode, shownUserCode, userCodeKey } from '../device/user-code.ts'
import { many, optional } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { parseScope, scopeRules } from '../scope.ts'
import { grantableScope, requestedApi, userTargetRules } from '../target.ts'
import { defineEndpoint } from './endpoint.ts'

const grantNotAllowed = rule({
  id: 'device.grant_type_not_allowed',
  clause: 'RFC 8628 §3.1',
  error: 'unauthorized_client',
  description: 'Grant type not allowed for the client.',
})

/** Where a device without a browser begins (RFC 8628 §3.1): it gets a code for itself and one for its owner. */
export const deviceAuthorizationEndpoint = defineEndpoint({
  path: 'oauth/device/code',
  params: { scope: optional(), audience: optional(), resource: many() },
  rules: [grantNotAllowed, ...scopeRules, ...userTargetRules],
  metadata: (url) => ({ device_authorization_endpoint: url }),
  async handle({ params, client }, call) {
    if (!client.grantTypes.includes(deviceGrantType)) throw refuse(grantNotAllowed)
    const requested = parseScope(params.scope)
    const api = await requestedApi(params, call)
    const scope = await grantableScope(requested, client, api, call)
    const lifetimeSeconds = deviceCodeLifetimeSeconds(call.tenant)
    const codes = await issueCodes(
      {
        clientId: client.id,
        scope,
        ...(api !== undefined && { audience: api.identifier }),
        expiresAt: call.now + lifetimeSeconds,
      },
      call,
    )
    const page = `${call.issuer}activate`
    return {
      kind: 'json',
      body: {
        device_code: codes.deviceCode,
        user_code: codes.userCode,
        verification_uri: page,
        verification_uri_complete: `${page}?user_code=${encodeURIComponent(codes.userCode)}`,
        expires_in: lifetimeSeconds,
        interval: pollIntervalSeconds,
      },
    }
  },
})

async function issueCodes(body: DeviceAuthorization, call: Call) {
  const deviceCode = randomToken(call.ports.random)
  const expiresAt = body.expiresAt + expiredCodeMemorySeconds
  await call.store.artifacts.put(deviceAuthorization, hashed(deviceCode), { body, expiresAt }, call.now)
  return { deviceCode, userCode: await issueUserCode(deviceCode, body.expiresAt, call) }
}

async function issueUserCode(
  deviceCode: string,
  expiresAt: number,
  call: Call,
  attempts = 5,
): Promise<string> {
  const userCode = newUserCode(call)
  const key = userCodeKey(userCode, call)
  const artifact = { body: { deviceCode: hashed(deviceCode) }, expiresAt }
  try {
    await call.store.artifacts.put(userCodeKind, key, artifact, call.now)
    return shownUserCode(userCode, call.tenant)
  } catch (error) {
    // Another device shows this code just now.
    if (!(error instanceof StoreConflict) || attempts <= 1) throw error
    return issueUserCode(deviceCode, expiresAt, call, attempts - 1)
  }
}
