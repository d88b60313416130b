import { activatePage } from '../../src/pages/activate.ts'
import { applicationsPage } from '../../src/pages/applications.ts'
import { consentPage } from '../../src/pages/consent.ts'
import { errorPage } from '../../src/pages/error.ts'
import { homePage } from '../../src/pages/home.ts'
import type { Html } from '../../src/pages/html.ts'
import type { Locale } from '../../src/pages/locales/locale.ts'
import { loginPage } from '../../src/pages/login.ts'
import { logoutPage } from '../../src/pages/logout.ts'
import { messagePage } from '../../src/pages/message.ts'
import type {
  ActivatePage,
  ApplicationsPage,
  ConsentPage,
  ErrorPage,
  LoginPage,
  LogoutPage,
  MessagePage,
  SetupPage,
} from '../../src/pages/models.ts'
import { setupPage } from '../../src/pages/setup.ts'
import { unblockPage } from '../../src/pages/unblock.ts'

const tenant = {
  friendlyName: 'Analytical Engines',
  pictureUrl: 'https://engines.example/logo.png',
  supportEmail: 'help@engines.example',
  supportUrl: 'https://engines.example/help',
  colors: { primary: '#0b5d4b', pageBackground: '#e9efec' },
}

const application = {
  name: 'Contacts Demo',
  logoUri: 'https://contacts.example/logo.png',
  policyUri: 'https://contacts.example/privacy',
  tosUri: 'https://contacts.example/terms',
}

const form = { action: '/u/form?state=abc', csrfToken: 'csrf-value' }

export function aLogin(changes: Partial<LoginPage> = {}): LoginPage {
  return { tenant, locale: 'en', application, ...form, ...changes }
}

export function anOwnersLogin(changes: Partial<LoginPage> = {}): LoginPage {
  return { tenant, locale: 'en', ...form, ...changes }
}

export function aLogout(changes: Partial<LogoutPage> = {}): LogoutPage {
  return { tenant, locale: 'en', ...form, request: 'client_id=x', user: 'Ada Lovelace', ...changes }
}

export function aConsent(changes: Partial<ConsentPage> = {}): ConsentPage {
  return {
    tenant,
    locale: 'en',
    application,
    ...form,
    isFirstParty: false,
    user: { name: 'Ada Lovelace', email: 'ada@example.com', picture: 'https://example.com/ada.png' },
    apiName: 'Contacts API',
    scopes: [
      { value: 'openid', required: true, checked: true },
      { value: 'offline_access', required: false, checked: true },
      { value: 'read:contacts', description: 'Read your contacts', required: false, checked: true },
      { value: 'delete:contacts', description: 'Delete your contacts', required: false, checked: false },
      { value: 'undescribed', required: false, checked: false },
    ],
    answerTo: { kind: 'host', host: 'contacts.example' },
    ...changes,
  }
}

export function anError(changes: Partial<ErrorPage> = {}): ErrorPage {
  return {
    tenant,
    locale: 'en',
    kind: 'authorization_request',
    error: 'invalid_request',
    description: 'The redirect_uri is not registered for this client.',
    clause: 'RFC 6749 §3.1.2.4',
    help: 'Add the exact URI to the callbacks of the client.',
    requestId: 'req_1',
    ...changes,
  }
}

export function anActivation(changes: Partial<ActivatePage> = {}): ActivatePage {
  return { tenant, locale: 'en', ...form, isNumeric: false, ...changes }
}

export function aList(changes: Partial<ApplicationsPage> = {}): ApplicationsPage {
  return {
    tenant,
    locale: 'en',
    ...form,
    user: { name: 'Ada Lovelace', email: 'ada@example.com', picture: 'https://example.com/ada.png' },
    applications: [
      {
        clientId: 'client-1',
        application,
        staysConnected: true,
        tokensLiveSeconds: 86_400,
        access: [
          {
            apiName: 'Contacts API',
            scopes: [{ value: 'read:contacts', description: 'Read your contacts' }],
            grantedAt: 1_767_225_600,
          },
          { scopes: [{ value: 'openid' }, { value: 'undescribed' }], grantedAt: 1_767_225_600 },
        ],
      },
      { clientId: 'client-2', application: { name: 'Bare' }, staysConnected: false, access: [] },
    ],
    logout: 'https://login.example/oidc/logout',
    ...changes,
  }
}

export function aSetup(changes: Partial<SetupPage> = {}): SetupPage {
  return { tenant, locale: 'en', ...form, ...changes }
}

export function aMessage(changes: Partial<MessagePage> = {}): MessagePage {
  return { tenant, locale: 'en', message: 'setup_done', ...changes }
}

/** Each page in each of its states, with a name for the test report. */
export function everyPage(locale: Locale): readonly (readonly [string, Html])[] {
  return [
    ['login', loginPage(aLogin({ locale }))],
    ['login with a username', loginPage(aLogin({ locale, username: 'ada' }))],
    ['login with wrong credentials', loginPage(aLogin({ locale, problem: 'wrong_credentials' }))],
    ['login after too many attempts', loginPage(aLogin({ locale, problem: 'too_many_attempts' }))],
    ['login to a blocked account', loginPage(aLogin({ locale, problem: 'blocked' }))],
    ['login with nothing typed', loginPage(aLogin({ locale, problem: 'missing_credentials' }))],
    ['login to a busy server', loginPage(aLogin({ locale, problem: 'too_busy' }))],
    ['login in an expired form', loginPage(aLogin({ locale, problem: 'expired_form' }))],
    ['consent', consentPage(aConsent({ locale }))],
    ['consent to a first-party application', consentPage(aConsent({ locale, isFirstParty: true }))],
    ['consent with nothing to choose', consentPage(aConsent({ locale, scopes: [] }))],
    ['consent to a bare application', consentPage(aConsent({ locale, application: { name: 'Bare' } }))],
    ['error of a request', errorPage(anError({ locale }))],
    ['error of an expired page', errorPage(anError({ locale, kind: 'expired_transaction' }))],
    ['error of an unknown address', errorPage({ ...bareError, locale, kind: 'not_found' })],
    ['error of too many requests', errorPage({ ...bareError, locale, kind: 'too_many_requests' })],
    ['error of the server', errorPage({ ...bareError, locale, kind: 'server_error' })],
    ['error of a forged form', errorPage({ ...bareError, locale, kind: 'forbidden_form' })],
    ['consent for a device', consentPage(aConsent({ locale, answerTo: aDevice }))],
    ['activation', activatePage(anActivation({ locale }))],
    ['activation with a code', activatePage(anActivation({ locale, userCode: 'WDJB-MJHT' }))],
    ['activation with digits', activatePage(anActivation({ locale, isNumeric: true }))],
    ['activation with a wrong code', activatePage(anActivation({ locale, problem: 'unknown_code' }))],
    ['activation after too many', activatePage(anActivation({ locale, problem: 'too_many_attempts' }))],
    ['activation in an expired form', activatePage(anActivation({ locale, problem: 'expired_form' }))],
    ['applications', applicationsPage(aList({ locale }))],
    ['applications after a removal', applicationsPage(aList({ locale, removed: 'Planner' }))],
    ['login of an owner', loginPage(anOwnersLogin({ locale }))],
    ['logout', logoutPage(aLogout({ locale }))],
    ['no applications', applicationsPage(aList({ locale, applications: [] }))],
    ['setup', setupPage(aSetup({ locale }))],
    ['setup with a wrong address', setupPage(aSetup({ locale, email: 'x', problem: 'invalid_email' }))],
    ['setup with a weak password', setupPage(aSetup({ locale, problem: 'weak_password' }))],
    ['setup with two passwords', setupPage(aSetup({ locale, problem: 'passwords_differ' }))],
    ['unblocking', unblockPage({ tenant, locale, action: '/u/unblock?ticket=t', csrfToken: 'token' })],
    [
      'home',
      homePage({ tenant, locale, applications: '/account/applications', discovery: '/.well-known/x' }),
    ],
    ['message after setup', messagePage(aMessage({ locale }))],
    ['message after unblocking', messagePage(aMessage({ locale, message: 'account_unblocked' }))],
    ['message after connecting', messagePage(aMessage({ locale, message: 'device_connected' }))],
    ['message after declining', messagePage(aMessage({ locale, message: 'device_declined' }))],
    ['message after staying', messagePage(aMessage({ locale, message: 'still_logged_in' }))],
    ['message of an invalid set-up link', messagePage(aMessage({ locale, message: 'setup_link_invalid' }))],
    ['message of an invalid link', messagePage(aMessage({ locale, message: 'link_invalid' }))],
  ]
}

const aDevice = { kind: 'device', userCode: 'WDJB-MJHT' } as const

const bareError = { tenant, requestId: 'req_1' }
