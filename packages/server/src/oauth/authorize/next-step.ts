import type { Consent } from '../../domain/consent.ts'
import type { EpochSeconds, SessionId } from '../../domain/ids.ts'
import type { Login } from '../../domain/session.ts'
import type { OwnerRequest } from '../../domain/transaction.ts'
import { consentedScope } from '../consented-scope.ts'
import type { Rule } from '../rule.ts'
import { rule } from '../rule.ts'

const loginRequired = rule({
  id: 'authorize.login_required',
  clause: 'OIDC Core §3.1.2.6',
  error: 'login_required',
  description: 'Login required',
})
const consentRequired = rule({
  id: 'authorize.consent_required',
  clause: 'OIDC Core §3.1.2.6',
  error: 'consent_required',
  description: 'Consent required',
})
const userBlocked = rule({
  id: 'authorize.user_blocked',
  clause: 'RFC 6749 §4.1.2.1',
  // Auth0's code; auth0-spa-js and Lock compare the sentence.
  error: 'unauthorized',
  description: 'user is blocked',
})
const acrNotReached = rule({
  id: 'authorize.acr_not_reached',
  clause: 'OIDC Core §5.5.1.1',
  error: 'access_denied',
  description: 'The login does not reach the essential authentication context',
})
export const nextStepRules = [loginRequired, acrNotReached, userBlocked, consentRequired] as const

export interface Progress {
  readonly login: Login | undefined
  /** The `sub` by which this client knows whoever is logged in. */
  readonly subject: string | undefined
  /** Whether the login reached an authentication context that the client cannot do without. */
  readonly reachesAcr: boolean
  /** The session that was made for this very request, if one was. */
  readonly authenticated: SessionId | undefined
  /** What whoever is logged in is asked for, and can give. */
  readonly asked: readonly string[]
  /** Whether the client's and API's rules ask the owner at all. */
  readonly consentNeeded: boolean
  /** Whether somebody else could receive the answer, posing as the client. */
  readonly impersonable: boolean
  readonly consent: Consent | undefined
  readonly now: EpochSeconds
}

export type Step =
  | { readonly kind: 'login' }
  | { readonly kind: 'consent'; readonly login: Login; readonly asked: readonly string[] }
  | {
      readonly kind: 'issue'
      readonly login: Login
      readonly asked: readonly string[]
      readonly scope: readonly string[]
    }
  | { readonly kind: 'refuse'; readonly rule: Rule }

/** What has to happen next to a checked request (OpenID Connect Core §3.1.2.3 and §3.1.2.4). Pure. */
export function nextStep(request: OwnerRequest, progress: Progress): Step {
  const silent = request.prompt.includes('none')
  const { login, asked } = progress
  if (login === undefined || mustLogInAgain(request, login, progress)) {
    return silent ? { kind: 'refuse', rule: loginRequired } : { kind: 'login' }
  }
  if (!progress.reachesAcr) return { kind: 'refuse', rule: acrNotReached }
  if (login.user.blocked) return { kind: 'refuse', rule: userBlocked }
  if (mustAsk(request, progress)) {
    return silent ? { kind: 'refuse', rule: consentRequired } : { kind: 'consent', login, asked }
  }
  return { kind: 'issue', login, asked, scope: grantedScope(progress) }
}

function mustLogInAgain(request: OwnerRequest, login: Login, progress: Progress): boolean {
  if (!isExpected(request, progress.subject)) return true
  if (progress.authenticated === login.session.id) return false
  // With one account per browser, choosing an account is logging in.
  if (request.prompt.includes('login') || request.prompt.includes('select_account')) return true
  return (
    request.maxAgeSeconds !== undefined &&
    (request.maxAgeSeconds === 0 || progress.now - login.session.authenticatedAt > request.maxAgeSeconds)
  )
}

/** Whether the client waits for this `sub`: whom the hint names, and whom `claims` does (OpenID Connect Core §3.1.2.1, §5.5.1). */
export function isExpected({ expectedSubject, claims }: OwnerRequest, subject: string | undefined): boolean {
  if (expectedSubject !== undefined && expectedSubject !== subject) return false
  return claims?.subjects === undefined || (subject !== undefined && claims.subjects.includes(subject))
}

function mustAsk(
  request: OwnerRequest,
  { asked, consent, consentNeeded, impersonable, authenticated, login }: Progress,
): boolean {
  if (request.prompt.includes('consent')) return true
  // RFC 8252 §8.6: an owner who has just logged in for this request has seen it; one who has not must.
  if (impersonable && authenticated !== login?.session.id) return true
  if (!consentNeeded) return false
  const answered = [...(consent?.granted ?? []), ...(consent?.declined ?? [])]
  return consent === undefined || asked.some((scope) => !answered.includes(scope))
}

// What the owner left out once stays out, also where the client need not ask.
function grantedScope({ asked, consent }: Progress): readonly string[] {
  return consentedScope(asked, consent, false)
}
