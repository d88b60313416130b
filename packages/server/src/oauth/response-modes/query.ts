import { defineResponseMode } from './response-mode.ts'

/** `response_mode=query`: the parameters join the query that the redirection URI already has (RFC 6749 §4.1.2). */
export const query = defineResponseMode({
  name: 'query',
  announced: true,
  carriesTokens: false,
  deliver({ redirectUri }, parameters) {
    const added = new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString()
    return { kind: 'redirect', location: `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${added}` }
  },
})
