import { check } from '../authorize/checks.ts'
import { identify } from '../authorize/identify.ts'
import { keepingRules, keepPushed, newRequestUri } from '../authorize/pushed.ts'
import { unwrap } from '../authorize/unwrap.ts'
import type { RawParameters } from '../params.ts'
import { refuse } from '../refusal.ts'
import { rule } from '../rule.ts'
import { defineEndpoint } from './endpoint.ts'

const requestUri = rule({
  id: 'par.request_uri',
  clause: 'RFC 9126 §2.1',
  error: 'invalid_request',
  description: 'request_uri cannot be pushed',
})

/** What only authenticates the client (RFC 9126 §2.1). */
const credentials = ['client_id', 'client_secret', 'client_assertion', 'client_assertion_type']

/** Pushed authorization requests (RFC 9126): checked here in full, so that errors come back as JSON. */
export const parEndpoint = defineEndpoint({
  path: 'oauth/par',
  params: {},
  rules: [requestUri, ...keepingRules],
  metadata: (url) => ({ pushed_authorization_request_endpoint: url }),
  async handle({ parameters, client }, call) {
    if (parameters.some(({ name }) => name === 'request_uri')) throw refuse(requestUri)
    const raw: RawParameters = [
      { name: 'client_id', value: client.id },
      ...parameters.filter(({ name }) => !credentials.includes(name)),
    ]
    const { uri, hash } = newRequestUri(call)
    // RFC 9126 §3: beside a request object nothing else counts.
    const isSigned = raw.some(({ name }) => name === 'request')
    const request = await unwrap(isSigned ? raw.filter(({ name }) => isOfObject(name)) : raw, call)
    const pushed = { ...request, pushed: hash }
    await check(pushed, await identify(request.parameters, call), call)
    return {
      kind: 'json',
      status: 201,
      body: { request_uri: uri, expires_in: await keepPushed(pushed, hash, client, call) },
    }
  },
})

function isOfObject(name: string): boolean {
  return name === 'client_id' || name === 'request'
}
