import type { Login } from '../../domain/session.ts'
import type { DeviceRequest } from '../../domain/transaction.ts'
import type { Call } from '../call.ts'
import { newGrantId } from '../grant-id.ts'
import { type DeviceAnswer, deviceAuthorization, userCodeKind } from './device-authorization.ts'
import { readUserCode, userCodeKey, userCodePurpose } from './user-code.ts'

/** `gone`: somebody decided before, or it took too long. */
export type Settled = 'approved' | 'declined' | 'gone'

interface Approval {
  readonly login: Login
  readonly scope: readonly string[]
}

/** Notes what the owner decided; no approval is a refusal. Taking the user code makes sure that one person decides once. */
export async function settleDevice(
  { code, userCode }: DeviceRequest['device'],
  approval: Approval | undefined,
  call: Call,
): Promise<Settled> {
  const typed = readUserCode(call.ports.sealer.open(userCode, userCodePurpose)) ?? ''
  const taken = await call.store.artifacts.take(userCodeKind, userCodeKey(typed, call), call.now)
  const device = taken && (await call.store.artifacts.peek(deviceAuthorization, code, call.now))
  if (device === undefined || device.expiresAt <= call.now) return 'gone'
  const answer: DeviceAnswer = approval === undefined ? { kind: 'declined' } : approved(approval, call)
  await call.store.artifacts.replace(deviceAuthorization, code, { ...device, answer }, call.now)
  return answer.kind
}

function approved({ login: { session, user }, scope }: Approval, call: Call): DeviceAnswer {
  return {
    kind: 'approved',
    userId: user.id,
    authenticatedAt: session.authenticatedAt,
    methods: session.methods,
    scope,
    grantId: newGrantId(call),
  }
}
