import type { ExpectedAnswer, ScenarioName, SigningAlgorithm } from './contract.ts'

/** One request that both servers answer, and what it costs at least. */
export interface Scenario {
  readonly name: ScenarioName
  readonly title: string
  /** The signature that no server can save. */
  readonly signature?: SigningAlgorithm
  /** Codes and rotating refresh tokens work once. */
  readonly singleUse: boolean
  /** Absent where it is any 200. */
  readonly expected?: ExpectedAnswer
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'client-credentials-rs256',
    title: 'client credentials, JWT with RS256',
    signature: 'RS256',
    singleUse: false,
  },
  {
    name: 'client-credentials-es256',
    title: 'client credentials, JWT with ES256',
    signature: 'ES256',
    singleUse: false,
  },
  {
    name: 'code',
    title: 'code exchange with PKCE: opaque access token, ID token with RS256',
    signature: 'RS256',
    singleUse: true,
  },
  {
    name: 'refresh',
    title: 'refresh with rotation: opaque access token, ID token with RS256',
    signature: 'RS256',
    singleUse: true,
  },
  { name: 'userinfo', title: 'userinfo with an opaque access token', singleUse: false },
  {
    name: 'introspection',
    title: 'introspection of an opaque access token',
    singleUse: false,
    expected: { statuses: [200], has: '"active":true' },
  },
  {
    name: 'implicit',
    title: 'implicit with a session: opaque access token, ID token with RS256',
    signature: 'RS256',
    singleUse: false,
    expected: { statuses: [302, 303], has: 'access_token=' },
  },
  {
    // A device that asks twice within five seconds is told to slow down.
    name: 'device-poll',
    title: 'poll of a device whose owner has not decided',
    singleUse: true,
    expected: { statuses: [400], has: 'authorization_pending' },
  },
  {
    name: 'par',
    title: 'pushed authorization request',
    singleUse: false,
    expected: { statuses: [201], has: 'urn:ietf:params:oauth:request_uri:' },
  },
  { name: 'discovery', title: 'discovery document', singleUse: false },
]
