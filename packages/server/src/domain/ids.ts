// Owns the nouns of an authorization server, the store contract and the ports. Knows no protocol, no HTTP and no SQL.

declare const brand: unique symbol

/** A string that only the place which made it may call by this name. */
export type Branded<Name extends string> = string & { readonly [brand]: Name }

export type TenantId = Branded<'TenantId'>
export type ClientId = Branded<'ClientId'>
export type ResourceServerId = Branded<'ResourceServerId'>
export type ClientGrantId = Branded<'ClientGrantId'>
/** `rol_` and letters and digits, as Auth0 writes it. */
export type RoleId = Branded<'RoleId'>
export type ConnectionId = Branded<'ConnectionId'>
/** `{provider}|{id}`, as Auth0 writes it: the `sub` of every token. */
export type UserId = Branded<'UserId'>
/** Public session identifier: the `sid` of an ID token, never the cookie's value. */
export type SessionId = Branded<'SessionId'>
/** Names everything that one authorization gave, so that it can die together (RFC 6749 §10.5). */
export type GrantId = Branded<'GrantId'>
/** Names one access token: its `jti`. */
export type TokenId = Branded<'TokenId'>
/** Stands for one user and one client, whatever the user granted and however often. */
export type GrantBond = Branded<'GrantBond'>

/** Whole seconds since 1970-01-01T00:00:00Z, always from the injected clock. */
export type EpochSeconds = number

/** A JSON document: what an artifact's body and a noun's extensible members are made of. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json }
