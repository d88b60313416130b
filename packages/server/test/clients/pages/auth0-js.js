// An application around auth0-js. The test calls `app`; /settings.json says which server and client.
const made = fetch('/settings.json')
  .then((response) => response.json())
  .then((settings) => ({ ...settings, web: new globalThis.auth0.WebAuth(settings.options) }))

/** Turns a method that takes a callback into what the test can wait for, and an error of the SDK into data. */
async function attempt(start) {
  const settings = await made
  return new Promise((resolve) => {
    start(settings, (error, value) =>
      resolve(
        error
          ? {
              error: error.error ?? error.code,
              description: error.errorDescription ?? error.error_description ?? error.description,
            }
          : { value },
      ),
    )
  })
}

globalThis.app = {
  login: (options) => made.then(({ web }) => web.authorize(options ?? {})),
  finish: (options) => attempt(({ web }, done) => web.parseHash(options ?? {}, done)),
  renew: (options) => attempt(({ web }, done) => web.checkSession(options ?? {}, done)),
  user: (token) => attempt(({ web }, done) => web.client.userInfo(token, done)),
  logout: (options) => made.then(({ web }) => web.logout(options)),
  contacts: (token) =>
    made.then(async ({ api }) => {
      const response = await fetch(api, { headers: { authorization: `Bearer ${token}` } })
      return { value: { status: response.status, body: await response.json() } }
    }),
}
