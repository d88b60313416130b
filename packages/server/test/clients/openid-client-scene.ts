// What the tests with openid-client share: a client of it for a registration, and the browser's half of a flow.
import * as client from 'openid-client'
import type { TestClient, TestServer, TestUser } from '../../src/testkit/testkit.ts'
import { visit } from './scene.ts'

export interface Party {
  readonly registered: TestClient
  readonly config: client.Configuration
}

type Registration = NonNullable<Parameters<TestServer['aClient']>[0]>

/** Registers a client and lets openid-client discover the server, whose requests end in this process. */
export async function aParty(
  server: TestServer,
  given: Registration = {},
  authentication: (secret: string) => client.ClientAuth = client.ClientSecretPost,
  execute: readonly ((config: client.Configuration) => void)[] = [],
): Promise<Party> {
  const registered = await server.aClient(given)
  const metadata = { id_token_signed_response_alg: registered.idToken.signingAlgorithm }
  const issuer = new URL(server.issuer)
  const config = await client.discovery(issuer, registered.id, metadata, authentication(registered.secret), {
    // Without this, openid-client trusts the TLS connection and never looks at the signature of an ID token.
    execute: [client.enableNonRepudiationChecks, ...execute],
    [client.customFetch]: (url, options) => server.fetch(url, options as RequestInit),
  })
  return { registered, config }
}

export interface Request {
  readonly parameters: Readonly<Record<string, string>>
  readonly checks: client.AuthorizationCodeGrantChecks & {
    readonly expectedNonce: string
    readonly expectedState: string
  }
}

/** An authorization request with everything that openid-client can check about its answer. */
export async function aRequest(given: Readonly<Record<string, string>> = {}): Promise<Request> {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  }
  const parameters = {
    redirect_uri: 'https://app.test/callback',
    scope: 'openid profile email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...given,
  }
  return { parameters, checks }
}

/** From an authorization URL to the tokens; `browser` keeps the session for what comes after. */
export async function signInWith(
  server: TestServer,
  { config }: Party,
  user: TestUser,
  browser = server.browser(),
) {
  const { parameters, checks } = await aRequest()
  const callback = await visit(client.buildAuthorizationUrl(config, parameters), { user, browser })
  return client.authorizationCodeGrant(config, callback, checks)
}
