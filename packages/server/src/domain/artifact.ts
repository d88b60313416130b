import type { EpochSeconds } from './ids.ts'
import type { Hashed } from './secrets.ts'

declare const bodyOf: unique symbol

/** Names one kind of short-lived protocol state, and the shape of its body. */
export interface ArtifactKind<Body> {
  readonly name: string
  readonly [bodyOf]?: Body
}

/** Declares a kind of artifact. The body must survive JSON. */
export function artifactKind<Body>(name: string): ArtifactKind<Body> {
  return { name }
}

export interface Artifact<Body> {
  readonly body: Body
  readonly expiresAt: EpochSeconds
}

export interface ListedArtifact<Body> {
  readonly hash: Hashed
  readonly body: Body
}

/** What `redeem` answers: exactly one caller is `first`; later ones are `replayed` and see the same body. */
export type Redeemed<Body> =
  | { readonly kind: 'first'; readonly body: Body }
  | { readonly kind: 'replayed'; readonly body: Body }
  | { readonly kind: 'missing' }
