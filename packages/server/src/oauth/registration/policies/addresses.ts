import { refuse } from '../../refusal.ts'
import { rule } from '../../rule.ts'
import type { CompleteMetadata } from '../complete.ts'
import { type ClientMetadata, writeMetadata } from '../metadata.ts'
import { defineRegistrationPolicy } from '../policy.ts'

const insecure = rule({
  id: 'registration.address_insecure',
  clause: 'RFC 7591 §2',
  error: 'invalid_client_metadata',
  description: 'Metadata member must be an https address without a fragment: {parameter}',
})

const foreignFrame = rule({
  id: 'registration.frontchannel_origin',
  clause: 'OIDC Front-Channel Logout §2',
  error: 'invalid_client_metadata',
  description: 'frontchannel_logout_uri must have scheme, host and port of one of the redirect_uris',
})

const addresses = [
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'jwks_uri',
  'sector_identifier_uri',
  // OpenID Connect Registration §2, Back-Channel Logout §2.2, Front-Channel Logout §2.
  'initiate_login_uri',
  'backchannel_logout_uri',
  'frontchannel_logout_uri',
] as const satisfies readonly (keyof ClientMetadata)[]

/** What is shown to owners, fetched by the server, or framed in its pages comes by https. */
export const addressPolicy = defineRegistrationPolicy({
  name: 'addresses',
  rules: [insecure, foreignFrame],
  async review(metadata) {
    for (const [name, value] of Object.entries(writeMetadata(metadata))) {
      const [member = ''] = name.split('#')
      if (addresses.some((address) => address === member) && !isHttps(value))
        throw refuse(insecure, undefined, member)
    }
    // OpenID Connect Core §6.2: the fragment of a request_uri is the hash of what it holds.
    for (const uri of metadata.request_uris ?? [])
      if (!isHttps(uri.split('#')[0])) throw refuse(insecure, undefined, 'request_uris')
    if (!isOwnFrame(metadata)) throw refuse(foreignFrame)
    return {}
  },
})

// A page in a frame gets the issuer and the session's id: it must be where the client's answers go too.
function isOwnFrame({ frontchannel_logout_uri: uri, redirect_uris }: CompleteMetadata): boolean {
  if (uri === undefined) return true
  const origin = URL.parse(uri)?.origin
  return redirect_uris.some((redirectUri) => URL.parse(redirectUri)?.origin === origin)
}

function isHttps(value: unknown): boolean {
  const url = typeof value === 'string' ? URL.parse(value) : null
  return url !== null && url.protocol === 'https:' && url.hash === '' && url.username === ''
}
