import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessToken } from './access-token.ts'
import type { Needs } from './needs.ts'
import { nodeRequest, sendMetadata, sendRefused } from './node-request.ts'
import type { ProtectedResource } from './protect-resource.ts'
import type { ResourceRequest } from './request.ts'

/** What a route needs; `form` gives the parsed body where a token may be in it (RFC 6750 §2.2). */
export type NodeNeeds = Needs & Pick<ResourceRequest, 'form'>

/** Protects the handlers of a `node:http` server. */
export type NodeProtection = {
  /** The verified token; undefined when the request was refused and has been answered. */
  readonly authenticate: (
    request: IncomingMessage,
    response: ServerResponse,
    needs?: NodeNeeds,
  ) => Promise<AccessToken | undefined>
  /** Answers a request for the protected-resource metadata and says whether it did (RFC 9728 §3.2). */
  readonly metadata: (request: IncomingMessage, response: ServerResponse) => boolean
}

/** The adapter for `node:http`. */
export function protectNode(resource: ProtectedResource): NodeProtection {
  return {
    async authenticate(request, response, { form, ...needs } = {}) {
      const verdict = await resource.authenticate(nodeRequest(request, form), needs)
      if (verdict.kind === 'refused') {
        sendRefused(response, verdict)
        return undefined
      }
      for (const [name, value] of Object.entries(verdict.headers)) response.setHeader(name, value)
      return verdict.token
    },
    metadata: (request, response) => sendMetadata(resource, request, response),
  }
}
