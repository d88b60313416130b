// Owns the order of measuring: every server has a window in every round, so that a machine that slows down slows down all.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Asked, startProcess } from './child-process.ts'
import type {
  ExpectedAnswer,
  LoadAsks,
  LoadReport,
  PreparedRequest,
  RawServerAsks,
  ServerAsks,
  SignatureAsks,
  SignatureCost,
  Usage,
} from './contract.ts'
import type { Options } from './options.ts'
import type { Scenario } from './scenarios.ts'

/** One window of one server. */
export interface Window {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly cpuMicroseconds: number
  readonly rssMegabytes: number
  readonly eventLoopDelayP99Ms: number
}

export interface Round {
  readonly valetkey: Window
  readonly peer: Window
  readonly limit: Window
  readonly signature?: SignatureCost
}

/** More than any server here manages in a second; a window ends early when its prepared requests are used up. */
const preparedPerSecond = 4000

/** The compiler of V8 is busy in the first rounds; they do not count. */
const warmUpRounds = 2

const anySuccess: ExpectedAnswer = { statuses: [200], has: '' }

/** Measures one scenario with fresh processes. */
export async function measure(scenario: Scenario, options: Options): Promise<readonly Round[]> {
  const directory = await mkdtemp(join(tmpdir(), 'valetkey-bench-'))
  const processes = {
    valetkey: startProcess<ServerAsks>('./servers/valetkey.ts', [directory]),
    peer: startProcess<ServerAsks>('./servers/oidc-provider.ts'),
    limit: startProcess<RawServerAsks>('./servers/raw.ts'),
    load: startProcess<LoadAsks>('./load.ts'),
    signature: startProcess<SignatureAsks>('./servers/signature.ts'),
  }
  try {
    return await measureWith(processes, scenario, options)
  } finally {
    await Promise.all(Object.values(processes).map((process) => process.stop()))
    await rm(directory, { recursive: true, force: true })
  }
}

interface Processes {
  readonly valetkey: Asked<ServerAsks>
  readonly peer: Asked<ServerAsks>
  readonly limit: Asked<RawServerAsks>
  readonly load: Asked<LoadAsks>
  readonly signature: Asked<SignatureAsks>
}

async function measureWith(
  processes: Processes,
  scenario: Scenario,
  options: Options,
): Promise<readonly Round[]> {
  const { signature: algorithm, name } = scenario
  const { load, limit: limitProcess, signature } = processes
  const wanted = { scenario: name, count: Math.ceil(preparedPerSecond * options.seconds) }
  const [valetkey, peer, limit] = await Promise.all([
    subject(processes.valetkey, load, scenario, options),
    subject(processes.peer, load, scenario, options),
    subject(limitProcess, load, { ...scenario, singleUse: false }, options),
  ])

  // The limit imitates what Valetkey was asked and answered.
  const requests = await processes.valetkey.ask('prepare', wanted)
  const { answer } = await valetkey(requests)
  await limitProcess.ask('imitate', { answer, ...(algorithm !== undefined && { signature: algorithm }) })

  const ofValetkey = async () => valetkey(await processes.valetkey.ask('prepare', wanted))
  const ofPeer = async () => peer(await processes.peer.ask('prepare', wanted))
  const rounds: Round[] = []
  for (let round = 0; round < warmUpRounds + options.rounds; round += 1) {
    // Neither of the two always comes first.
    const before = round % 2 === 1 ? await ofPeer() : undefined
    const own = await ofValetkey()
    const other = before ?? (await ofPeer())
    const lowest = await limit(requests)
    const order = algorithm && { algorithm, seconds: options.seconds / 4 }
    const cost = order && (await signature.ask('measure', order))
    rounds.push({
      valetkey: own.window,
      peer: other.window,
      limit: lowest.window,
      ...(cost !== undefined && { signature: cost }),
    })
  }
  return rounds.slice(warmUpRounds)
}

/** Opens a server and answers how to give it one window of load. Throws when an answer is not the expected one. */
async function subject(
  server: Asked<ServerAsks>,
  load: Asked<LoadAsks>,
  { singleUse, expected = anySuccess }: Scenario,
  { seconds, connections }: Options,
) {
  const port = await server.ask('open')
  return async (requests: readonly PreparedRequest[]) => {
    await server.ask('begin')
    const report = await load.ask('run', { port, requests, singleUse, expected, seconds, connections })
    const used = await server.ask('end')
    if (report.failure !== undefined) throw new Error(JSON.stringify(report.failure))
    return { answer: report.sample, window: windowOf(report, used) }
  }
}

function windowOf(report: LoadReport, used: Usage): Window {
  return {
    requestsPerSecond: report.requests / report.seconds,
    p50Ms: report.p50Ms,
    p99Ms: report.p99Ms,
    cpuMicroseconds: used.cpuMicroseconds / report.requests,
    rssMegabytes: used.rssBytes / 1e6,
    eventLoopDelayP99Ms: used.eventLoopDelayP99Ms,
  }
}
