// Owns the public surface of the resource-server SDK: what is not exported here, or from the one-file adapters
// express.ts, fastify.ts, hono.ts and node.ts, may change today. Knows no framework; `jose` is its only dependency.
export type { AccessToken } from './access-token.ts'
export type { Needs } from './needs.ts'
export type { BearerMethod } from './presented-token.ts'
export type { Allowed, ProtectedResource, Verdict } from './protect-resource.ts'
export { protectResource } from './protect-resource.ts'
export type { Refused } from './refusal.ts'
export type { Form, ResourceRequest } from './request.ts'
export type { PublishedMetadata, ResourceMetadata } from './resource-metadata.ts'
export type { IntrospectionOptions, ProtectOptions } from './settings.ts'
