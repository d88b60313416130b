import { defineResponseMode } from './response-mode.ts'

/** `response_mode=fragment` (OAuth 2.0 Multiple Response Types §2.1). */
export const fragment = defineResponseMode({
  name: 'fragment',
  announced: true,
  carriesTokens: true,
  deliver({ redirectUri }, parameters) {
    const added = new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString()
    return { kind: 'redirect', location: `${redirectUri}#${added}` }
  },
})
