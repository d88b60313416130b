// Owns the device grant (RFC 8628) from the device's request to its owner's answer; the pages come between.
import { artifactKind } from '../../domain/artifact.ts'
import type { ClientId, EpochSeconds, GrantId, UserId } from '../../domain/ids.ts'
import type { Hashed } from '../../domain/secrets.ts'
import type { Tenant } from '../../domain/tenant.ts'

/** What a device code stands for. */
export interface DeviceAuthorization {
  readonly clientId: ClientId
  /** What may be granted at most: requested, defined and allowed for this client. */
  readonly scope: readonly string[]
  readonly audience?: string
  readonly expiresAt: EpochSeconds
  /** Absent while its owner has not decided. */
  readonly answer?: DeviceAnswer
}

export type DeviceAnswer =
  | { readonly kind: 'declined' }
  | {
      readonly kind: 'approved'
      readonly userId: UserId
      readonly authenticatedAt: EpochSeconds
      /** Authentication methods of the login (RFC 8176). */
      readonly methods: readonly string[]
      readonly scope: readonly string[]
      readonly grantId: GrantId
    }

export const deviceAuthorization = artifactKind<DeviceAuthorization>('device_code')

/** A user code, as long as nobody decided about it: whoever takes it decides. */
export const userCodeKind = artifactKind<{ readonly deviceCode: Hashed }>('user_code')

export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

/** How often a device may ask (RFC 8628 §3.2). No setting: the sentence that tells it is one that Auth0's SDKs compare. */
export const pollIntervalSeconds = 5

/** How long the codes work (RFC 8628 §3.2); Auth0's figure where the tenant says nothing. */
export function deviceCodeLifetimeSeconds({ settings }: Tenant): number {
  return settings.deviceCodeLifetimeSeconds ?? 900
}

/** How long an expired device code is remembered, so that the device learns that it expired. */
export const expiredCodeMemorySeconds = 900
