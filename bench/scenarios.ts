import type { ScenarioName, SigningAlgorithm } from './contract.ts'

/** One request that both servers answer, and what it costs at least. */
export interface Scenario {
  readonly name: ScenarioName
  readonly title: string
  /** The signature that no server can save. */
  readonly signature?: SigningAlgorithm
  /** Codes and rotating refresh tokens work once. */
  readonly singleUse: boolean
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
  { name: 'discovery', title: 'discovery document', singleUse: false },
]
