// Keys of clients, what they sign with them, and a network on which they publish them.
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { Json } from '../../src/domain/ids.ts'
import { type Fetcher, FetchRefused, type IncomingAnswer } from '../../src/domain/ports.ts'
import type { TestServer } from '../../src/testkit/testkit.ts'

/** A key pair of a client, ready to be registered. */
export interface ClientKey {
  readonly alg: string
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: { readonly [member: string]: Json }
}

export async function clientKey(alg = 'ES256', kid = `${alg}-1`): Promise<ClientKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const members = JSON.parse(JSON.stringify(await exportJWK(publicKey)))
  return { alg, kid, privateKey, publicJwk: { ...members, kid } }
}

/** How a test changes a JWT: an `undefined` claim or header member is left out. */
export interface Changes {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

/** Signs claims as the header of the key says, with the changes of a test. */
export function signedBy(
  key: Pick<ClientKey, 'alg' | 'kid'> & { readonly privateKey: CryptoKey | Uint8Array | JWK },
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const protectedHeader = { alg: key.alg, kid: key.kid, ...header }
  return new SignJWT(defined(claims)).setProtectedHeader(protectedHeader).sign(key.privateKey)
}

/** A JWT without a signature, whatever its header claims. */
export function unsigned(
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = { alg: 'none' },
): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode(header)}.${encode(defined(claims))}.`
}

function defined(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

/** Claims of a client assertion that passes; every call has another `jti`. */
export function assertionClaims(server: TestServer, clientId: string): Readonly<Record<string, unknown>> {
  const now = server.now()
  return {
    iss: clientId,
    sub: clientId,
    aud: server.issuer,
    jti: crypto.randomUUID(),
    iat: now,
    exp: now + 60,
  }
}

export const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** A network that a test writes: what each address answers. Addresses that are not there refuse. */
export interface FakeNetwork {
  readonly fetcher: Fetcher
  /** The addresses that were asked for, in order. */
  readonly asked: readonly string[]
  serve(url: string, answer: Partial<IncomingAnswer> | undefined): void
}

export function fakeNetwork(): FakeNetwork {
  const answers = new Map<string, IncomingAnswer>()
  const asked: string[] = []
  return {
    asked,
    serve(url, answer) {
      if (answer === undefined) answers.delete(url)
      else answers.set(url, { status: 200, contentType: 'application/json', text: '', ...answer })
    },
    fetcher: {
      async fetch({ url }) {
        asked.push(url)
        const answer = answers.get(url)
        if (answer === undefined) throw new FetchRefused('nobody answers')
        return answer
      },
    },
  }
}
