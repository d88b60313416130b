import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ProtectedResource } from './protect-resource.ts'
import type { Refused } from './refusal.ts'
import type { Form, ResourceRequest } from './request.ts'
import { asksForMetadata, metadataHeaders } from './resource-metadata.ts'

/** Describes a request of `node:http`, and so of Express and Fastify. Node shows only the first of two Authorization
 * headers, but two have to be refused (RFC 6750 §3.1), so they are counted where it shows all. */
export function nodeRequest(request: IncomingMessage, form: ResourceRequest['form']): ResourceRequest {
  const sent = request.rawHeaders.filter(
    (_, at, all) => at % 2 === 1 && /^authorization$/i.test(all[at - 1] ?? ''),
  )
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: sent.length > 1 ? { ...request.headers, authorization: sent } : request.headers,
    ...(form ? { form } : {}),
  }
}

/** What a body parser of the framework left as a form; undefined when it left anything but fields. */
export function parsedForm(body: unknown): Form | undefined {
  return isForm(body) ? body : undefined
}

function isForm(body: unknown): body is Form {
  return typeof body === 'object' && body !== null
}

/** Sends the response that refuses a request (RFC 6750 §3). */
export function sendRefused(response: ServerResponse, refused: Refused): void {
  response.writeHead(refused.status, refused.headers).end(refused.body)
}

/** Sends the metadata document when the request asks for it, and says whether it did (RFC 9728 §3.2). */
export function sendMetadata(
  resource: ProtectedResource,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const published = resource.metadata()
  const asked = { method: request.method ?? '', url: request.url ?? '' }
  if (!published || !asksForMetadata(published, asked)) return false
  response.writeHead(200, metadataHeaders).end(JSON.stringify(published.document))
  return true
}
