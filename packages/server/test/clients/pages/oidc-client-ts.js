// An application around oidc-client-ts. The test calls `app`; /settings.json says which server and client.
const made = fetch('/settings.json')
  .then((response) => response.json())
  .then((settings) => ({ ...settings, manager: new globalThis.oidc.UserManager(settings.options) }))

/** An error of the library as data, since only data reaches the test. */
async function attempt(action) {
  try {
    return { value: await action(await made) }
  } catch (error) {
    return { error: error.error ?? error.name, description: error.error_description ?? error.message }
  }
}

/** What the test may know of a user. */
const shown = (user) => user && { ...user, profile: user.profile }

// The pages that frames and popups come back to.
if (location.pathname === '/silent') made.then(({ manager }) => manager.signinSilentCallback())
if (location.pathname === '/popup') made.then(({ manager }) => manager.signinPopupCallback())

globalThis.app = {
  login: (options) => attempt(({ manager }) => manager.signinRedirect(options)),
  finish: () => attempt(({ manager }) => manager.signinRedirectCallback().then(shown)),
  popup: (options) => attempt(({ manager }) => manager.signinPopup(options).then(shown)),
  renew: (options) => attempt(({ manager }) => manager.signinSilent(options).then(shown)),
  user: () => attempt(({ manager }) => manager.getUser().then(shown)),
  revoke: () => attempt(({ manager }) => manager.revokeTokens()),
  forget: () => attempt(({ manager }) => manager.removeUser()),
  /** Waits until the session at the server ends. */
  ended: () =>
    attempt(
      ({ manager }) => new Promise((resolve) => manager.events.addUserSignedOut(() => resolve('signed out'))),
    ),
  logout: (options) => attempt(({ manager }) => manager.signoutRedirect(options)),
  loggedOut: () => attempt(({ manager }) => manager.signoutRedirectCallback()),
  contacts: (token) =>
    attempt(async ({ api }) => {
      const response = await fetch(api, { headers: { authorization: `Bearer ${token}` } })
      return { status: response.status, body: await response.json() }
    }),
}
