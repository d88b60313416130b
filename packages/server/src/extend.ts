// The public surface for extensions: everything that plugs in is made by one of these, built-ins included.

export { type ArtifactKind, artifactKind } from './domain/artifact.ts'
export type { Client } from './domain/client.ts'
export type { ClientId, EpochSeconds, GrantId, UserId } from './domain/ids.ts'
export { randomToken } from './domain/ports.ts'
export type { ResourceServer } from './domain/resource-server.ts'
export { type Hashed, hashed, sameSecret } from './domain/secrets.ts'
export type { User } from './domain/user.ts'
export type { Call } from './oauth/call.ts'
export {
  type ClientAuthMethod,
  type ClientAuthRequest,
  type ClientCredentials,
  defineClientAuth,
} from './oauth/client-auth/client-auth-method.ts'
export { defineEndpoint, type EndpointAnswer, type EndpointDefinition } from './oauth/endpoints/endpoint.ts'
export { newGrantId, revokeGrant } from './oauth/grant-id.ts'
export { defineGrant, type GrantDefinition } from './oauth/grants/grant.ts'
export { many, optional, type Params, required } from './oauth/params.ts'
export { Refusal, refuse } from './oauth/refusal.ts'
export type { Plug } from './oauth/registry.ts'
export { type Delivery, defineResponseMode, type ResponseMode } from './oauth/response-modes/response-mode.ts'
export { type Rule, rule } from './oauth/rule.ts'
export type { Issuance } from './oauth/token/issuance.ts'
export {
  type AccessTokenClaims,
  defineTokenFormat,
  type TokenFormat,
} from './oauth/token-formats/token-format.ts'
