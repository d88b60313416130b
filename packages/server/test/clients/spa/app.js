// A single-page application around auth0-spa-js. The test calls `app`; /settings.json says which server and client.
const made = fetch('/settings.json')
  .then((response) => response.json())
  .then((settings) => ({ ...settings, client: new globalThis.auth0.Auth0Client(settings.options) }))

/** An error of the SDK as data, since only data reaches the test. */
async function attempt(action) {
  try {
    return { value: await action(await made) }
  } catch (error) {
    return { error: error.error ?? error.name, description: error.error_description ?? error.message }
  }
}

globalThis.app = {
  login: () => attempt(({ client }) => client.loginWithRedirect()),
  finish: () =>
    attempt(({ client }) => client.handleRedirectCallback().then(({ appState }) => appState ?? {})),
  user: () => attempt(({ client }) => client.getUser()),
  token: (options) => attempt(({ client }) => client.getTokenSilently(options)),
  /** Calls the API with a token, as another origin with a preflight. */
  contacts: (token) =>
    attempt(async ({ api }) => {
      const response = await fetch(api, { headers: { authorization: `Bearer ${token}` } })
      return { status: response.status, body: await response.json() }
    }),
  /** Sends what the SDK would send, without it. */
  post: (url, fields) =>
    attempt(async () => {
      const headers = { 'auth0-client': 'e30=' }
      const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(fields) })
      return { status: response.status, body: await response.json() }
    }),
}
