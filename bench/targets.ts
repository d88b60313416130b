import { median, type Summary } from './report.ts'
import type { StartUp } from './start-up.ts'

/** One of the numbers that the project promises. */
export interface Target {
  readonly title: string
  readonly promised: string
  readonly measured: number
  readonly reached: boolean
}

/** The targets that the measured parts can speak about. */
export function targets(summaries: readonly Summary[], startUp: StartUp | undefined): readonly Target[] {
  const of = (name: Summary['scenario']) => summaries.find(({ scenario }) => scenario === name)
  return [
    atLeast(
      0.8,
      'client credentials with RS256: share of the signature in the CPU time per request',
      of('client-credentials-rs256')?.signatureShare,
    ),
    atMost(
      0.5,
      'client credentials with ES256: CPU time per request, to oidc-provider',
      of('client-credentials-es256')?.toPeer.cpuMicroseconds,
    ),
    atMost(
      0.7,
      'durable code exchange: CPU time per request, to oidc-provider in memory',
      of('code')?.toPeer.cpuMicroseconds,
    ),
    atMost(1, 'ready after, in seconds', startUp && median(startUp.readySeconds)),
    atMost(110, 'idle RSS, in MB', startUp?.idleRssMegabytes),
  ].flat()
}

function atLeast(bound: number, title: string, measured: number | undefined): readonly Target[] {
  if (measured === undefined) return []
  return [{ title, promised: `≥ ${bound}`, measured, reached: measured >= bound }]
}

function atMost(bound: number, title: string, measured: number | undefined): readonly Target[] {
  if (measured === undefined) return []
  return [{ title, promised: `≤ ${bound}`, measured, reached: measured <= bound }]
}
