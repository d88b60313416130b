// The aggregator: it reads a person's balance and transactions at a bank, with the person's consent and without the
// person's password, for as long as the consent stands. It keeps one refresh token and nothing that it read.
import { begin, discover, finish, type Pending, type Registration } from '@valetkey-examples/shared/code-flow'
import { type Content, html } from '@valetkey-examples/shared/html'
import { button, createSite, type Frame, sendPage, ticket } from '@valetkey-examples/shared/page'
import { Sessions } from '@valetkey-examples/shared/sessions'
import type { Hono } from 'hono'
import * as oidc from 'openid-client'
import type { Transaction } from './bank-api.ts'

export interface AggregatorOptions extends Registration {
  readonly audience: string
  readonly apiUrl: string
  readonly url: string
}

interface Session {
  pending?: Pending
  refreshToken?: string
  /** A look that is under way. */
  look?: Promise<Account | undefined>
  /** What the person is told once. */
  notice?: string
}

interface Account {
  readonly balance?: number
  readonly transactions?: readonly Transaction[]
}

const frame: Frame = {
  name: 'Pennywise',
  color: '#5b3a8c',
  foot: 'An example application. It keeps a refresh token on its server, and asks the bank anew each time.',
}
const notices: Readonly<Record<string, string>> = {
  access_denied: 'You said no, and Pennywise got nothing.',
  ended: 'Your bank does not let Pennywise in any more. Everything it had is gone from this page.',
}

export function aggregator(options: AggregatorOptions): Hono {
  const sessions = new Sessions<Session>('pennywise', () => ({}))
  const redirectUri = `${options.url}/callback`
  const app = createSite(frame)

  app.get('/', async (c) => {
    const session = sessions.find(c)
    const account = session && (await lookOnce(session, options))
    const notice = session?.notice
    if (session) delete session.notice
    return account
      ? sendPage(c, frame, {
          title: 'Your money',
          body: accountView(account, new URL('account/applications', options.issuer).href),
          account: button('/forget', 'Disconnect', 'quiet'),
        })
      : sendPage(c, frame, { title: 'All your money on one page', body: welcome(notice) })
  })

  app.post('/connect', async (c) => {
    const { url, ...pending } = await begin(await discover(options), {
      redirectUri,
      audience: options.audience,
      // Offline, since the aggregator also reads while its person sleeps.
      scope: 'openid offline_access read:balance read:transactions',
    })
    sessions.renew(c).pending = pending
    return c.redirect(url.href, 303)
  })

  app.get('/callback', async (c) => {
    const session = sessions.find(c)
    if (!session?.pending) return c.redirect('/')
    const answer = new URL(c.req.url)
    const finished = await finish(
      await discover(options),
      new URL(redirectUri + answer.search),
      session.pending,
    )
    const renewed = sessions.renew(c)
    delete renewed.pending
    if (finished.kind === 'refused') renewed.notice = finished.error
    else if (finished.tokens.refresh_token) renewed.refreshToken = finished.tokens.refresh_token
    return c.redirect('/')
  })

  // An aggregator that is not wanted any more gives its key back (RFC 7009).
  app.post('/forget', async (c) => {
    const session = sessions.find(c)
    if (session?.refreshToken) await oidc.tokenRevocation(await discover(options), session.refreshToken)
    sessions.end(c)
    return c.redirect('/', 303)
  })
  return app
}

/** Tabs that look at the same time share one look: a refresh token that is used twice is taken for stolen (RFC 9700 §4.14.2). */
function lookOnce(session: Session, options: AggregatorOptions): Promise<Account | undefined> {
  session.look ??= readAccount(session, options).finally(() => {
    delete session.look
  })
  return session.look
}

/** A new access token for each look: so a consent that was taken back is noticed at once. */
async function readAccount(session: Session, options: AggregatorOptions): Promise<Account | undefined> {
  if (session.refreshToken === undefined) return undefined
  try {
    const tokens = await oidc.refreshTokenGrant(await discover(options), session.refreshToken)
    // The bank rotates: the token that was used is worth nothing now.
    session.refreshToken = tokens.refresh_token ?? session.refreshToken
    const [balance, transactions] = await Promise.all([
      read(`${options.apiUrl}/balance`, tokens.access_token),
      read(`${options.apiUrl}/transactions`, tokens.access_token),
    ])
    return { ...balance, ...transactions }
  } catch (error) {
    // RFC 6749 §5.2: revoked or ended, which no retry mends.
    if (!(error instanceof oidc.ResponseBodyError) || error.error !== 'invalid_grant') throw error
    delete session.refreshToken
    session.notice = 'ended'
    return undefined
  }
}

/** What the bank answers; nothing where the owner did not allow it. */
async function read(url: string, accessToken: string): Promise<Account> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } })
  if (response.status === 403) return {}
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return (await response.json()) as Account
}

function welcome(notice: string | undefined): Content {
  return ticket({
    steps: [
      'You go to your bank',
      'You log in there and decide',
      'Pennywise reads what you allowed',
      'You end it whenever you want',
    ],
    title: notice === undefined ? 'All your money on one page' : 'Not connected',
    body: html`${notice === undefined ? html`<p class="lead">Connect your bank. Pennywise never sees your password, and cannot move a cent.</p>` : html`<p class="lead" role="status">${notices[notice] ?? 'Your bank did not agree.'}</p>`}
${button('/connect', 'Connect Harbour Bank')}`,
  })
}

function accountView({ balance, transactions }: Account, endsAt: string): Content {
  return html`<div class="welcome"><h1>Harbour Bank</h1>
<p class="lead">Read at the bank a moment ago, with your consent. You end it here, or <a href="${endsAt}">at your bank</a>.</p></div>
<section class="now"><div class="panel"><h2>Balance</h2>
${balance === undefined ? notAllowed : html`<p class="figure" id="balance">${money(balance)}</p>`}
<form method="get" action="/"><button type="submit">Read again</button></form></div>
<div class="result"><h2>Transactions</h2>
${transactions === undefined ? notAllowed : html`<table class="list" id="transactions">${transactions.map(({ date, text, amount }) => html`<tr><td>${date}</td><td>${text}</td><td class="amount">${money(amount)}</td></tr>`)}</table>`}</div></section>`
}

const notAllowed = html`<p class="hint">You did not allow Pennywise to see this.</p>`

function money(cents: number): string {
  return new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR' }).format(cents / 100)
}
