import { defineResponseMode } from './response-mode.ts'

/**
 * `response_mode=web_message`, as Auth0's browser SDKs expect it: the response is posted to the origin of the redirection
 * URI, which the client must have listed among its web origins. Auth0 does not announce it in discovery.
 */
export const webMessage = defineResponseMode({
  name: 'web_message',
  announced: false,
  carriesTokens: true,
  deliver: ({ redirectUri, relay }, parameters) => ({
    kind: 'web_message',
    targetOrigin: new URL(redirectUri).origin,
    parameters,
    ...(relay !== undefined && { relay }),
  }),
})
