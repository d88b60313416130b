// The application. auth0-spa-js does the code flow with PKCE, and renews in a hidden frame (prompt=none, web_message).
const settings = await fetch('/settings.json').then((response) => response.json())
const auth = new globalThis.auth0.Auth0Client({
  domain: settings.domain,
  clientId: settings.clientId,
  authorizationParams: {
    redirect_uri: `${location.origin}/`,
    audience: settings.audience,
    scope: 'openid profile read:notes',
  },
})

/** Renewed this long before its end, so that no call is made with a token that ends on its way. */
const reserveSeconds = 30
const one = (id) => document.getElementById(id)
let endsAt = 0
let renewals = 0
let timer

/** A new token from the server, whatever the cache says. The session there decides; the user does not notice. */
async function renew() {
  clearTimeout(timer)
  try {
    const answer = await auth.getTokenSilently({ cacheMode: 'off', detailedResponse: true })
    one('renewals').textContent = String(++renewals)
    await useToken(answer.access_token, answer.expires_in)
  } catch (error) {
    // login_required, consent_required: the session at the server is over.
    showGuest(error.error === 'login_required' ? 'Your session has ended. Log in again.' : error.message)
  }
}

async function useToken(token, lifetimeSeconds) {
  endsAt = Date.now() + lifetimeSeconds * 1000
  timer = setTimeout(renew, (lifetimeSeconds - reserveSeconds) * 1000)
  showTimeLeft()
  const response = await fetch(`${settings.apiUrl}/notes`, { headers: { authorization: `Bearer ${token}` } })
  // RFC 6750 §3.1: the token is good, and was not allowed this.
  const isRefused = response.status === 403
  one('refused').hidden = !isRefused
  one('notes').hidden = isRefused
  if (!response.ok && !isRefused) throw new Error(`The notes API answered ${response.status}.`)
  const { notes = [] } = await response.json()
  one('notes').replaceChildren(
    ...notes.map((note) => Object.assign(document.createElement('li'), { textContent: note })),
  )
}

function showTimeLeft() {
  const seconds = Math.max(0, Math.round((endsAt - Date.now()) / 1000))
  one('left').textContent = `${seconds} s left`
}

function showGuest(message) {
  clearTimeout(timer)
  if (message) one('message').textContent = message
  one('member').hidden = one('logout').hidden = true
  one('guest').hidden = false
}

async function begin() {
  const answer = new URLSearchParams(location.search)
  if (answer.has('state')) {
    history.replaceState(null, '', '/')
    const failure = await auth.handleRedirectCallback(`${location.origin}/?${answer}`).catch((error) => error)
    if (failure instanceof Error) return showGuest('You said no, or the answer was not for this page.')
  }
  // After a reload too: memory is empty then, and the hidden frame asks whether there is a session.
  const known = await auth.getTokenSilently({ detailedResponse: true }).catch(() => undefined)
  if (known === undefined) return showGuest()
  one('name').textContent = (await auth.getUser())?.name ?? ''
  one('member').hidden = one('logout').hidden = false
  await useToken(known.access_token, known.expires_in)
}

one('login').addEventListener('click', () => auth.loginWithRedirect())
one('logout').addEventListener('click', () =>
  auth.logout({ logoutParams: { returnTo: `${location.origin}/` } }),
)
one('renew').addEventListener('click', renew)
// The server remembers what was declined: only a new question can give it.
one('ask').addEventListener('click', () =>
  auth.loginWithRedirect({ authorizationParams: { prompt: 'consent' } }),
)
setInterval(showTimeLeft, 1000)
await begin()
