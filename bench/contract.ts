// What the processes of the benchmark say to each other: plain data, so that each side can be read alone.

export type SigningAlgorithm = 'RS256' | 'ES256'

export const scenarioNames = [
  'client-credentials-rs256',
  'client-credentials-es256',
  'code',
  'refresh',
  'userinfo',
  'introspection',
  'implicit',
  'device-poll',
  'par',
  'discovery',
] as const
export type ScenarioName = (typeof scenarioNames)[number]

/** A request that the load generator can send as it is. */
export interface PreparedRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Answer {
  readonly status: number
  /** Without those that node:http writes itself. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

/** What a server used between `begin` and `end`. */
export interface Usage {
  /** User and system time of all threads. */
  readonly cpuMicroseconds: number
  readonly rssBytes: number
  readonly eventLoopDelayP99Ms: number
}

/** What every server under load can be asked. */
export type ServerAsks = {
  /** Answers the port. */
  open(): Promise<number>
  /** Makes requests; those of a code or a refresh token work once. */
  prepare(wanted: {
    readonly scenario: ScenarioName
    readonly count: number
  }): Promise<readonly PreparedRequest[]>
  begin(): Promise<void>
  end(): Promise<Usage>
}

/** What the raw server can be asked beside that. */
export type RawServerAsks = ServerAsks & {
  /** From now on every request gets this answer, after one signature where one is named. */
  imitate(given: { readonly answer: Answer; readonly signature?: SigningAlgorithm }): Promise<void>
}

/** How the answer that a scenario is about is told from others. */
export interface ExpectedAnswer {
  /** One for each server, where they differ. */
  readonly statuses: readonly number[]
  /** What its headers or its body have. */
  readonly has: string
}

export interface LoadOrder {
  readonly port: number
  readonly requests: readonly PreparedRequest[]
  /** Whether each request may be sent once only; the load then ends with the last one. */
  readonly singleUse: boolean
  readonly expected: ExpectedAnswer
  readonly seconds: number
  /** Connections, each with one request at a time. */
  readonly connections: number
}

export interface LoadReport {
  readonly requests: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** The first answer that was not the expected one, when there was one. */
  readonly failure?: Answer
  readonly sample: Answer
}

export type LoadAsks = {
  run(order: LoadOrder): Promise<LoadReport>
}

export interface SignatureCost {
  /** One after the other on the main thread: nothing but the signature. */
  readonly cpuMicroseconds: number
  /** In the thread pool, sixteen at a time. */
  readonly perSecondInPool: number
  readonly cpuMicrosecondsInPool: number
}

export type SignatureAsks = {
  measure(wanted: { readonly algorithm: SigningAlgorithm; readonly seconds: number }): Promise<SignatureCost>
}
