import { type Hashed, hashed } from '../../domain/secrets.ts'
import type { Call } from '../call.ts'
import {
  type DeviceAnswer,
  type DeviceAuthorization,
  deviceAuthorization,
  deviceCodeLifetimeSeconds,
  deviceGrantType,
  pollIntervalSeconds,
} from '../device/device-authorization.ts'
import { required } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { apiOf } from '../target.ts'
import { endedGrantRules, refuseEndedGrant } from '../token/ended-grant.ts'
import type { Issuance } from '../token/issuance.ts'
import { livingUser, livingUserRules } from '../token/living-user.ts'
import { defineGrant } from './grant.ts'

const description = 'Invalid or expired device code.'
const unknownCode = rule({
  id: 'device.code_unknown',
  clause: 'RFC 6749 §5.2',
  error: 'invalid_grant',
  description,
})
const otherClient = rule({
  id: 'device.other_client',
  clause: 'RFC 8628 §3.4',
  error: 'invalid_grant',
  description,
})
const expired = rule({
  id: 'device.expired',
  clause: 'RFC 8628 §3.5',
  error: 'expired_token',
  description: 'The device code expired. Start again.',
})
const tooFast = rule({
  id: 'device.slow_down',
  clause: 'RFC 8628 §3.5',
  error: 'slow_down',
  description: 'You are polling faster than the specified interval of 5 seconds.',
})
const pending = rule({
  id: 'device.pending',
  clause: 'RFC 8628 §3.5',
  error: 'authorization_pending',
  description: 'User has yet to authorize device code.',
})
const declined = rule({
  id: 'device.declined',
  clause: 'RFC 8628 §3.5',
  error: 'access_denied',
  description: 'User cancelled the confirmation prompt.',
  // RFC 8628 §3.5 extends RFC 6749 §5.2, and with it the status.
  status: 400,
})

/** A device collects what its owner decided in a browser (RFC 8628 §3.4). A code that was answered or told to be over is used up. */
export const deviceCodeGrant = defineGrant({
  grantType: deviceGrantType,
  clientAuth: 'any',
  params: { device_code: required() },
  rules: [
    unknownCode,
    otherClient,
    tooFast,
    expired,
    pending,
    declined,
    ...endedGrantRules,
    ...livingUserRules,
  ],
  async decide(params, client, call) {
    const hash = hashed(params.device_code)
    const device = await call.store.artifacts.peek(deviceAuthorization, hash, call.now)
    if (device === undefined) throw refuse(unknownCode)
    if (device.clientId !== client.id) throw refuse(otherClient)
    await checkPace(hash, call)
    const answer = device.expiresAt <= call.now ? 'expired' : device.answer
    if (answer === undefined) throw refuse(pending)
    if (answer === 'expired') throw await usedUp(hash, expired, call)
    if (answer.kind === 'declined') throw await usedUp(hash, declined, call)
    return collect(hash, device, answer, call)
  },
})

// RFC 8628 §3.5: each poll that comes too early makes the interval 5 seconds longer, from then on.
async function checkPace(hash: Hashed, call: Call): Promise<void> {
  const { counters } = call.store
  const [pace, warnings] = [`device:pace:${hash}`, `device:warnings:${hash}`]
  const interval = pollIntervalSeconds * (1 + (await counters.read(warnings, call.now)))
  if ((await counters.hit(pace, interval, call.now)) === 1) return
  const warned = await counters.hit(warnings, deviceCodeLifetimeSeconds(call.tenant), call.now)
  // The longer interval begins now and not when the last poll was in time.
  await counters.reset(pace)
  await counters.hit(pace, pollIntervalSeconds * (1 + warned), call.now)
  throw refuse(tooFast)
}

// Told once: after that the code is as good as one that never was.
async function usedUp(hash: Hashed, told: typeof expired, call: Call) {
  const taken = await call.store.artifacts.take(deviceAuthorization, hash, call.now)
  return refuse(taken === undefined ? unknownCode : told)
}

type Approved = Extract<DeviceAnswer, { kind: 'approved' }>

// Of polls that come together, the one that takes the code gets the tokens.
async function collect(
  hash: Hashed,
  device: DeviceAuthorization,
  { userId, authenticatedAt, methods, scope, grantId }: Approved,
  call: Call,
): Promise<Issuance> {
  await refuseEndedGrant({ grantId, userId, clientId: device.clientId }, call)
  const user = await livingUser(userId, call)
  const api = await apiOf(device.audience, call)
  const taken = await call.store.artifacts.take(deviceAuthorization, hash, call.now)
  if (taken === undefined) throw refuse(unknownCode, 'another poll was faster')
  return {
    // No `sid`: the browser's session ends without the device, and the device goes on without the browser.
    subject: { kind: 'user', user, authenticatedAt, idToken: { methods } },
    grantId,
    scope,
    ...(api !== undefined && { api }),
    refreshToken: { kind: 'new' },
  }
}
