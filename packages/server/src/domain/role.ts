import type { EpochSeconds, RoleId } from './ids.ts'

/** One thing that users may be allowed at one API: a scope that the API defines (Auth0's Permission). */
export interface Permission {
  /** Identifier of the API. */
  readonly audience: string
  readonly scope: string
}

/** A named set of permissions that users are given together. */
export interface Role {
  readonly id: RoleId
  /** Unique in the tenant. */
  readonly name: string
  readonly description: string
  readonly permissions: readonly Permission[]
  readonly createdAt: EpochSeconds
  readonly updatedAt: EpochSeconds
  readonly version: number
}
