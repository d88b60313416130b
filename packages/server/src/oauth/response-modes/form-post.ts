import { defineResponseMode } from './response-mode.ts'

/** `response_mode=form_post` (OAuth 2.0 Form Post Response Mode §2). */
export const formPost = defineResponseMode({
  name: 'form_post',
  announced: true,
  carriesTokens: true,
  deliver: ({ redirectUri }, parameters) => ({ kind: 'form_post', action: redirectUri, parameters }),
})
