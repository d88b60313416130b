import { networkOf } from '../../domain/network.ts'
import { hashed } from '../../domain/secrets.ts'
import type { DeviceRequest } from '../../domain/transaction.ts'
import { type Browser, begin } from '../authorize/authorize.ts'
import type { AuthorizeOutcome } from '../authorize/outcome.ts'
import type { Call } from '../call.ts'
import { deviceAuthorization, userCodeKind } from './device-authorization.ts'
import { readUserCode, shownUserCode, userCodeKey, userCodePurpose } from './user-code.ts'

export type Activation =
  | AuthorizeOutcome
  | { readonly kind: 'unknown_code' }
  | { readonly kind: 'too_many_attempts' }

/** Begins to ask the owner who entered this user code (RFC 8628 §3.3): for a login where there is none, and always for consent. */
export async function activate(typed: string, browser: Browser, call: Call): Promise<Activation> {
  if (!(await mayEnter(browser, call))) return { kind: 'too_many_attempts' }
  const request = await deviceRequest(typed, call)
  return request === undefined ? { kind: 'unknown_code' } : begin(request, browser, call)
}

// RFC 8628 §5.1. Counted before the code is looked at, so that parallel guesses do not slip through; right ones too, since
// whoever owns a code could pay for guesses with it.
async function mayEnter({ login }: Browser, call: Call): Promise<boolean> {
  const { perUser, perAddress, windowSeconds } = call.limits.userCodes
  const count = (key: string) => call.store.counters.hit(key, windowSeconds, call.now)
  const [byAddress, byUser] = await Promise.all([
    count(`user_code:address:${hashed(networkOf(call.address))}`),
    login === undefined ? 0 : count(`user_code:user:${hashed(login.user.id)}`),
  ])
  return byAddress <= perAddress && byUser <= perUser
}

async function deviceRequest(typed: string, call: Call): Promise<DeviceRequest | undefined> {
  const code = readUserCode(typed)
  if (code === undefined) return undefined
  const { artifacts } = call.store
  const entered = await artifacts.peek(userCodeKind, userCodeKey(code, call), call.now)
  const device = entered && (await artifacts.peek(deviceAuthorization, entered.deviceCode, call.now))
  if (entered === undefined || device === undefined || device.answer !== undefined) return undefined
  return {
    clientId: device.clientId,
    scope: device.scope,
    ...(device.audience !== undefined && { audience: device.audience }),
    // RFC 8628 §5.4: who only follows a link must see what is asked before anything is given.
    prompt: ['consent'],
    acrValues: [],
    device: {
      code: entered.deviceCode,
      userCode: call.ports.sealer.seal(shownUserCode(code, call.tenant), userCodePurpose),
    },
  }
}
