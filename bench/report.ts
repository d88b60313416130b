// Turns rounds into one summary for each scenario: medians, and medians of the ratios within a round.
import type { SignatureCost } from './contract.ts'
import type { Round, Window } from './measure.ts'
import type { Scenario } from './scenarios.ts'

/** Each member of a window as a ratio: our number divided by the other one. */
export type Ratios = Readonly<Record<keyof Window, number>>

export interface Summary {
  readonly scenario: Scenario['name']
  readonly title: string
  readonly valetkey: Window
  readonly peer: Window
  readonly limit: Window
  readonly toPeer: Ratios
  readonly toLimit: Ratios
  readonly signature?: SignatureCost
  /** Cost of the signature alone, divided by our CPU time per request. */
  readonly signatureShare?: number
  readonly rounds: readonly Round[]
}

const members = [
  'requestsPerSecond',
  'p50Ms',
  'p99Ms',
  'cpuMicroseconds',
  'rssMegabytes',
  'eventLoopDelayP99Ms',
] as const satisfies readonly (keyof Window)[]

export function summarize({ name, title }: Scenario, rounds: readonly Round[]): Summary {
  const windows = (select: (round: Round) => Window) => medians(rounds.map(select))
  const ratios = (select: (round: Round) => Window) =>
    medians(rounds.map((round) => ratio(round.valetkey, select(round))))
  const costs = rounds.flatMap(({ signature }) => (signature === undefined ? [] : [signature]))
  const shares = rounds.flatMap(({ signature, valetkey }) =>
    signature === undefined ? [] : [signature.cpuMicroseconds / valetkey.cpuMicroseconds],
  )
  return {
    scenario: name,
    title,
    valetkey: windows(({ valetkey }) => valetkey),
    peer: windows(({ peer }) => peer),
    limit: windows(({ limit }) => limit),
    toPeer: ratios(({ peer }) => peer),
    toLimit: ratios(({ limit }) => limit),
    ...(costs.length > 0 && { signature: medianCost(costs), signatureShare: median(shares) }),
    rounds,
  }
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right)
  const middle = sorted.length / 2
  const [low = Number.NaN, high = low] = sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1)
  return (low + high) / 2
}

function ratio(own: Window, other: Window): Window {
  return record((member) => own[member] / other[member])
}

function medians(windows: readonly Window[]): Window {
  return record((member) => median(windows.map((window) => window[member])))
}

function record(of: (member: keyof Window) => number): Window {
  return Object.fromEntries(members.map((member) => [member, of(member)])) as unknown as Window
}

function medianCost(costs: readonly SignatureCost[]): SignatureCost {
  return {
    cpuMicroseconds: median(costs.map((cost) => cost.cpuMicroseconds)),
    cpuMicrosecondsInPool: median(costs.map((cost) => cost.cpuMicrosecondsInPool)),
    perSecondInPool: median(costs.map((cost) => cost.perSecondInPool)),
  }
}
