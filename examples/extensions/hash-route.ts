// A custom response mode: the answer for an application that keeps its pages behind the fragment of one URL.
import { defineResponseMode } from 'valetkey/extend'

/** `response_mode=hash_route`: `https://app.example/` is answered at its page `#/callback`. */
export const hashRoute = defineResponseMode({
  name: 'hash_route',
  announced: true,
  // A fragment stays in the browser: no server and no log sees it.
  carriesTokens: true,
  deliver({ redirectUri }, parameters) {
    const query = new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString()
    return { kind: 'redirect', location: `${redirectUri}#/callback?${query}` }
  },
})
