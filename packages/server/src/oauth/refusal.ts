import type { ErrorCode, Rule } from './rule.ts'

/** The RFC says no. Caught once per endpoint; leaves `oauth/` as a value. */
export class Refusal extends Error {
  readonly rule: Rule
  /** For the client's developer: the rule's description with the parameter's name. */
  readonly description: string
  /** For our log; never sent. */
  readonly detail: string | undefined
  constructor(broken: Rule, detail: string | undefined, parameter: string | undefined) {
    super(`${broken.id}${detail === undefined ? '' : `: ${detail}`}`)
    this.name = 'Refusal'
    this.rule = broken
    this.description = broken.description.replace('{parameter}', parameter ?? '')
    this.detail = detail
  }

  get error(): ErrorCode {
    return this.rule.error
  }
}

/** Makes the refusal to throw. `detail` is for our log alone; `parameter` must be a declared name, never input. */
export function refuse(broken: Rule, detail?: string, parameter?: string): Refusal {
  return new Refusal(broken, detail, parameter)
}
