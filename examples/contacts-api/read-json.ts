import type { IncomingMessage } from 'node:http'

const maximumBytes = 16 * 1024

export interface Failure {
  readonly status: 400 | 413 | 415
  readonly error: string
}

/** The JSON body of a request, or the status and the error to answer with. */
export async function readJson(request: IncomingMessage): Promise<{ readonly json: unknown } | Failure> {
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    return { status: 415, error: 'json_expected' }
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maximumBytes) return { status: 413, error: 'body_too_large' }
    chunks.push(chunk)
  }
  try {
    return { json: JSON.parse(Buffer.concat(chunks).toString('utf8')) }
  } catch {
    return { status: 400, error: 'invalid_json' }
  }
}

export function isFailure(result: { readonly json: unknown } | Failure): result is Failure {
  return 'status' in result
}
