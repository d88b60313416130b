// The public surface for extensions: everything that plugs in is made by one of these, built-ins included.

export { type ArtifactKind, artifactKind } from './domain/artifact.ts'
export type { Client } from './domain/client.ts'
export type { ClientId, EpochSeconds, GrantId, UserId } from './domain/ids.ts'
export { randomToken } from './domain/ports.ts'
export type { ResourceServer } from './domain/resource-server.ts'
export { type Hashed, hashed, sameSecret } from './domain/secrets.ts'
export { serves, type User } from './domain/user.ts'
export type { Call } from './oauth/call.ts'
export {
  type ClientAuthMethod,
  type ClientAuthRequest,
  type ClientCredentials,
  defineClientAuth,
} from './oauth/client-auth/client-auth-method.ts'
export { clientSecrets } from './oauth/client-auth/client-secret.ts'
export { defineEndpoint, type EndpointAnswer, type EndpointDefinition } from './oauth/endpoints/endpoint.ts'
export { newGrantId, revokeGrant } from './oauth/grant-id.ts'
export { defineGrant, type GrantDefinition } from './oauth/grants/grant.ts'
export { many, optional, type Params, required } from './oauth/params.ts'
export { Refusal, refuse } from './oauth/refusal.ts'
export type { ClientMetadata } from './oauth/registration/metadata.ts'
export {
  defineRegistrationPolicy,
  type RegistrationContext,
  type RegistrationPolicy,
} from './oauth/registration/policy.ts'
export type { Plug } from './oauth/registry.ts'
export {
  type Delivery,
  defineResponseMode,
  type ResponseMode,
  type ResponseParameters,
  type ResponseTarget,
} from './oauth/response-modes/response-mode.ts'
export { type Rule, rule } from './oauth/rule.ts'
export { parseScope, scopeRules } from './oauth/scope.ts'
export { requestedApi, targetRules } from './oauth/target.ts'
export type { Issuance } from './oauth/token/issuance.ts'
export { livingUser, livingUserRules } from './oauth/token/living-user.ts'
export {
  type AccessTokenClaims,
  defineTokenFormat,
  type TokenFormat,
} from './oauth/token-formats/token-format.ts'
