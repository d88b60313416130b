// An application around auth0-spa-js. The test calls `app`; /settings.json says which server and client.
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
  popup: (options) =>
    attempt(async ({ client }) => {
      await client.loginWithPopup(options)
      return client.getUser()
    }),
  token: (options) => attempt(({ client }) => client.getTokenSilently(options)),
  claims: () => attempt(({ client }) => client.getIdTokenClaims()),
  known: () => attempt(({ client }) => client.isAuthenticated()),
  restore: () =>
    attempt(async ({ client }) => {
      await client.checkSession()
      return client.isAuthenticated()
    }),
  revoke: (options) => attempt(({ client }) => client.revokeRefreshToken(options)),
  logout: (options) => attempt(({ client }) => client.logout(options)),
  contacts: (token) =>
    attempt(async ({ api }) => {
      const response = await fetch(api, { headers: { authorization: `Bearer ${token}` } })
      return { status: response.status, body: await response.json() }
    }),
}
