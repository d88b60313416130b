import { createHash, randomBytes } from 'node:crypto'
import { testBrowser } from '../../src/testkit/browser.ts'
import type { TestClient } from '../../src/testkit/builders.ts'
import type { NodeProcess } from './node-process.ts'
import { audience, type Tenant } from './scene.ts'

/** A code with all that its client needs to redeem it. */
export interface Code {
  readonly client: TestClient
  readonly parameters: Readonly<Record<string, string>>
  /** Whether its access token will be opaque. */
  readonly isOpaque: boolean
}

/** Where a code may be asked for. */
export interface Session {
  /** Goes on at another process, as a browser that kept its cookie. */
  moveTo(node: NodeProcess): void
  /** A new code without a page; `undefined` where no answer came, or one that is an outage. */
  code(client: TestClient, isOpaque: boolean): Promise<Code | undefined>
  /** The header that says who is logged in. */
  cookie(): string
}

/** Logs in once; from then on the session gives codes without a page. */
export async function logIn(first: NodeProcess, { user, patient }: Tenant): Promise<Session> {
  let node = first
  const browser = testBrowser({ issuer: first.issuer, fetch: (request) => node.fetch(request) })
  const login = await browser.open(authorizeUrl(first.issuer, patient, true, newVerifier()))
  await browser.logIn(login, user)
  return {
    cookie: () => [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    moveTo(next) {
      node = next
    },
    async code(client, isOpaque) {
      const verifier = newVerifier()
      const shown = await browser
        .open(authorizeUrl(node.issuer, client, isOpaque, verifier))
        .catch(() => undefined)
      if (shown === undefined || shown.status >= 500) return undefined
      const code = shown.leftTo?.parameters.get('code')
      if (!code) throw new Error(`the session was lost: ${shown.status} ${shown.url}`)
      const [redirect_uri = ''] = client.redirectUris
      const grant = { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier }
      return { client, isOpaque, parameters: grant }
    },
  }
}

function newVerifier(): string {
  return randomBytes(32).toString('base64url')
}

function authorizeUrl(issuer: string, client: TestClient, isOpaque: boolean, verifier: string): string {
  const url = new URL('authorize', issuer)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: client.redirectUris[0] ?? '',
    scope: 'openid email offline_access',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(!isOpaque && { audience }),
  }).toString()
  return url.href
}
