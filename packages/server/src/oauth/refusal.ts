import type { ErrorCode, Rule } from './rule.ts'

interface About {
  readonly detail?: string | undefined
  readonly parameter?: string | undefined
  readonly retryAfterSeconds?: number
}

/** The RFC says no. Caught once per endpoint; leaves `oauth/` as a value. */
export class Refusal extends Error {
  readonly rule: Rule
  /** For the client's developer: the rule's description with the parameter's name. */
  readonly description: string
  /** For our log; never sent. */
  readonly detail: string | undefined
  /** After how many seconds the same request may succeed (RFC 9110 §10.2.3). */
  readonly retryAfterSeconds: number | undefined
  constructor(broken: Rule, { detail, parameter, retryAfterSeconds }: About) {
    super(`${broken.id}${detail === undefined ? '' : `: ${detail}`}`)
    this.name = 'Refusal'
    this.rule = broken
    this.description = broken.description.replace('{parameter}', parameter ?? '')
    this.detail = detail
    this.retryAfterSeconds = retryAfterSeconds
  }

  get error(): ErrorCode {
    return this.rule.error
  }
}

/** Makes the refusal to throw. `detail` is for our log alone; `parameter` must be a declared name, never input. */
export function refuse(broken: Rule, detail?: string, parameter?: string): Refusal {
  return new Refusal(broken, { detail, parameter })
}

/** Makes the refusal of what may be tried again after a while (RFC 6585 §4). */
export function refuseForNow(broken: Rule, retryAfterSeconds: number): Refusal {
  return new Refusal(broken, { retryAfterSeconds })
}
