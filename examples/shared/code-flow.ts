// The code flow of a web application with a server of its own, with openid-client: PKCE, state, nonce and issuer are checked.
import * as oidc from 'openid-client'

export interface Registration {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
}

/** What is asked for, and where the answer goes. */
export interface Wish {
  readonly redirectUri: string
  readonly scope: string
  readonly audience?: string
}

/** What the application remembers of a browser that it sent away. */
export interface Pending {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Reads the metadata of the authorization server. Plain http is for this computer only. */
export function discover({ issuer, clientId, clientSecret }: Registration): Promise<oidc.Configuration> {
  return oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    execute: [oidc.allowInsecureRequests],
  })
}

/** Where to send the browser, and what to remember until it is back (RFC 6749 §4.1.1, RFC 7636 §4.3). */
export async function begin(
  server: oidc.Configuration,
  wish: Wish,
): Promise<Pending & { readonly url: URL }> {
  const pending = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
  }
  const url = oidc.buildAuthorizationUrl(server, {
    redirect_uri: wish.redirectUri,
    scope: wish.scope,
    ...(wish.audience !== undefined && { audience: wish.audience }),
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
  })
  return { ...pending, url }
}

export type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>

export type Finished =
  | { readonly kind: 'granted'; readonly tokens: Tokens }
  /** `access_denied` when the owner said no. */
  | { readonly kind: 'refused'; readonly error: string }

/** Turns the answer at the redirect URI into tokens. Throws when it must not be trusted. */
export async function finish(server: oidc.Configuration, url: URL, pending: Pending): Promise<Finished> {
  try {
    const tokens = await oidc.authorizationCodeGrant(server, url, {
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.verifier,
      idTokenExpected: true,
    })
    return { kind: 'granted', tokens }
  } catch (error) {
    if (error instanceof oidc.AuthorizationResponseError) return { kind: 'refused', error: error.error }
    throw error
  }
}
