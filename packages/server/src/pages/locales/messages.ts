import type { ActivatePage, ErrorPage, LoginPage, MessagePage, SetupPage } from '../models.ts'

type Problem<Page extends { problem?: string }> = NonNullable<Page['problem']>

interface Passage {
  readonly title: string
  readonly text: string
}

/** Every text of every page. A catalogue that lacks one does not compile. */
export interface Messages {
  /** Put before the title of a page that shows a problem. */
  readonly problem: string
  readonly needHelp: string
  readonly contactSupport: string
  readonly application: string
  readonly opensInNewTab: string
  readonly login: {
    readonly title: (application: string) => string
    /** Where no application asks: the owner wants to see what is kept here. */
    readonly toAccount: string
    readonly username: string
    readonly password: string
    readonly submit: string
    readonly problems: Readonly<Record<Problem<LoginPage>, string>>
  }
  readonly consent: {
    readonly title: (application: string) => string
    /** With an API. */
    readonly asksForApi: (application: string, api: string) => string
    /** With OpenID Connect scopes only. */
    readonly asksForIdentity: (application: string) => string
    readonly firstParty: (tenant: string) => string
    readonly thirdParty: (tenant: string) => string
    readonly loggedInAs: string
    readonly notYou: string
    readonly permissions: string
    readonly choose: string
    readonly required: string
    readonly sentTo: string
    readonly policy: string
    readonly terms: string
    readonly accept: string
    readonly deny: string
    readonly scopes: Readonly<Record<OpenIdScope, string>>
  }
  readonly error: {
    readonly kinds: Readonly<Record<ErrorPage['kind'], Passage>>
    readonly forDevelopers: string
    readonly code: string
    readonly description: string
    readonly clause: string
    readonly help: string
    readonly requestId: string
  }
  readonly setup: {
    readonly title: string
    readonly text: (tenant: string) => string
    readonly email: string
    readonly password: string
    readonly passwordHint: string
    readonly passwordAgain: string
    readonly submit: string
    readonly problems: Readonly<Record<Problem<SetupPage>, string>>
  }
  readonly device: {
    readonly title: string
    readonly text: string
    readonly code: string
    readonly codeHint: string
    readonly submit: string
    /** Before the code, on the page that asks for consent. */
    readonly shows: string
    readonly warning: string
    readonly problems: Readonly<Record<Problem<ActivatePage>, string>>
  }
  readonly home: {
    readonly title: string
    readonly text: (tenant: string) => string
    readonly applications: string
    readonly developers: string
  }
  readonly unblock: { readonly title: string; readonly text: string; readonly submit: string }
  readonly logout: {
    readonly title: string
    readonly text: (user: string) => string
    readonly submit: string
    readonly stay: string
  }
  readonly loggedOut: {
    readonly title: string
    readonly text: string
    /** In place of `text`, where the browser goes on by itself. */
    readonly goingOn: string
    readonly goOn: string
  }
  readonly applications: {
    readonly title: string
    readonly text: string
    readonly none: string
    /** Stands where an API's name would. */
    readonly identity: string
    readonly allowedOn: (date: string) => string
    readonly staysConnected: string
    readonly revoke: (application: string) => string
    /** What the removal does, before it is confirmed. */
    readonly effect: (application: string) => string
    /** How long an API that does not introspect may take a token that is out; a duration in words. */
    readonly delay: (duration: string) => string
    readonly confirm: string
    readonly removed: (application: string) => string
  }
  /** Seen only where scripts are off. */
  readonly formPost: { readonly title: string; readonly text: string; readonly submit: string }
  readonly message: Readonly<Record<MessagePage['message'], Passage>>
}

/** The scopes of OpenID Connect Core §5.4 and §11, which no API describes. */
export type OpenIdScope = 'openid' | 'profile' | 'email' | 'address' | 'phone' | 'offline_access'
