/** What an operator sets for the protocol. */
export interface Limits {
  /** Of clients that register themselves without a token. */
  readonly registrations: AddressLimit
  /** Of user codes that are entered, by one user too. */
  readonly userCodes: AddressLimit & { readonly perUser: number }
}

/** How often something may happen from one network address (of IPv6, from one /64), and how long that is counted together. */
export interface AddressLimit {
  readonly perAddress: number
  readonly windowSeconds: number
}
