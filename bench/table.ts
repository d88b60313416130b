import type { Window } from './measure.ts'
import type { Summary } from './report.ts'
import { median } from './report.ts'
import type { StartUp } from './start-up.ts'
import type { Target } from './targets.ts'

const columns: readonly (readonly [string, keyof Window, number])[] = [
  ['req/s', 'requestsPerSecond', 0],
  ['p50 ms', 'p50Ms', 2],
  ['p99 ms', 'p99Ms', 2],
  ['CPU µs/req', 'cpuMicroseconds', 1],
  ['RSS MB', 'rssMegabytes', 0],
]

/** The lines of one scenario: three servers, then our numbers as ratios to the other two. */
export function scenarioTable(summary: Summary): string {
  const { signature, signatureShare } = summary
  const limit = signature === undefined ? 'node:http alone' : 'node:http + signature'
  const lines = [
    line(
      summary.title,
      columns.map(([heading]) => heading),
    ),
    line('  valetkey', cells(summary.valetkey)),
    line('  oidc-provider', cells(summary.peer)),
    line(`  ${limit}`, cells(summary.limit)),
    line('  valetkey ÷ oidc-provider', ratios(summary.toPeer)),
    line(`  valetkey ÷ ${limit}`, ratios(summary.toLimit)),
  ]
  if (signature !== undefined && signatureShare !== undefined)
    lines.push(
      `  the signature alone: ${signature.cpuMicroseconds.toFixed(1)} µs of CPU, ${signatureShare.toFixed(2)} of valetkey's; ` +
        `${signature.perSecondInPool.toFixed(0)}/s in the thread pool at ${signature.cpuMicrosecondsInPool.toFixed(1)} µs`,
    )
  return lines.join('\n')
}

export function startUpTable({ readySeconds, firstReadySeconds, idleRssMegabytes }: StartUp): string {
  return [
    'start-up',
    `  ready after ${median(readySeconds).toFixed(2)} s (in an empty directory ${firstReadySeconds.toFixed(2)} s)`,
    `  idle RSS ${idleRssMegabytes.toFixed(0)} MB`,
  ].join('\n')
}

export function targetTable(targets: readonly Target[]): string {
  const lines = targets.map(
    ({ title, promised, measured, reached }) =>
      `  ${reached ? 'reached    ' : 'not reached'}  ${measured.toFixed(2).padStart(7)}  ${promised.padEnd(6)}  ${title}`,
  )
  return ['targets', ...lines].join('\n')
}

function line(label: string, values: readonly string[]): string {
  return `${label.padEnd(68)}${values.map((value) => value.padStart(12)).join('')}`
}

function cells(window: Window): readonly string[] {
  return columns.map(([, member, digits]) => window[member].toFixed(digits))
}

function ratios(window: Window): readonly string[] {
  return columns.map(([, member]) => window[member].toFixed(2))
}
