export interface DemoAppOptions {
  /** The authorization server, letter by letter as in its metadata. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Identifier of the API that tokens are asked for. */
  readonly audience: string
  /** Where that API is. */
  readonly apiUrl: string
  /** 0 takes a free one. The registered callback is `http://localhost:<port>/callback`. */
  readonly port: number
  readonly host?: string
  readonly fetch?: typeof fetch
}
