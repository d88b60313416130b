// A game with two authorization servers: its studio's says who plays, the social site's lets it read a list of friends. Who
// somebody is and what somebody allows are two questions, with a code flow each.
import {
  begin,
  discover,
  finish,
  type Pending,
  type Registration,
  type Tokens,
} from '@valetkey-examples/shared/code-flow'
import { type Content, html } from '@valetkey-examples/shared/html'
import { button, createSite, type Frame, sendPage, ticket } from '@valetkey-examples/shared/page'
import { Sessions } from '@valetkey-examples/shared/sessions'
import type { Context, Hono } from 'hono'

export interface GameOptions {
  readonly url: string
  readonly studio: Registration
  readonly social: Registration & { readonly audience: string; readonly apiUrl: string }
}

type ServerName = 'studio' | 'social'

interface Session {
  /** One per server, so that an answer of one is never taken for the other's (RFC 9700 §4.4). */
  readonly pending: Map<ServerName, Pending>
  player?: string
  friends?: readonly string[]
  refused?: ServerName
}

const frame: Frame = {
  name: 'Tide Race',
  color: '#0a5578',
  foot: 'An example application with two authorization servers. It keeps the names it read, and no token.',
}

export function game(options: GameOptions): Hono {
  const sessions = new Sessions<Session>('tide_race', () => ({ pending: new Map() }))
  const app = createSite(frame, [options.studio.issuer, options.social.issuer])

  app.get('/', (c) => {
    const session = sessions.find(c)
    return session?.player === undefined
      ? sendPage(c, frame, { title: 'Race your friends', body: welcome(session) })
      : sendPage(c, frame, {
          title: 'Harbour',
          body: harbour(session.player, session),
          account: button('/logout', 'Leave', 'quiet'),
        })
  })

  app.post('/play', (c) => send(c, 'studio', 'openid profile'))
  app.post('/friends', (c) => send(c, 'social', 'openid read:friends', options.social.audience))
  app.get('/callback/studio', (c) =>
    receive(c, 'studio', (session, tokens) => {
      session.player = String(tokens.claims()?.name ?? 'Captain')
    }),
  )
  app.get('/callback/social', (c) =>
    receive(c, 'social', async (session, tokens) => {
      session.friends = await readFriends(options.social.apiUrl, tokens.access_token)
    }),
  )
  app.post('/logout', (c) => {
    sessions.end(c)
    return c.redirect('/', 303)
  })

  async function send(c: Context, name: ServerName, scope: string, audience?: string): Promise<Response> {
    const wish = { redirectUri: callbackOf(name), scope, ...(audience !== undefined && { audience }) }
    const { url, ...pending } = await begin(await discover(options[name]), wish)
    sessions.renew(c).pending.set(name, pending)
    return c.redirect(url.href, 303)
  }

  async function receive(
    c: Context,
    name: ServerName,
    use: (session: Session, tokens: Tokens) => void | Promise<void>,
  ): Promise<Response> {
    const pending = sessions.find(c)?.pending.get(name)
    if (pending === undefined) return c.redirect('/')
    const answer = new URL(callbackOf(name) + new URL(c.req.url).search)
    const finished = await finish(await discover(options[name]), answer, pending)
    const session = sessions.renew(c)
    session.pending.delete(name)
    delete session.refused
    if (finished.kind === 'granted') await use(session, finished.tokens)
    else session.refused = name
    return c.redirect('/')
  }

  function callbackOf(name: ServerName): string {
    return `${options.url}/callback/${name}`
  }
  return app
}

async function readFriends(apiUrl: string, accessToken: string): Promise<readonly string[]> {
  const response = await fetch(`${apiUrl}/friends`, { headers: { authorization: `Bearer ${accessToken}` } })
  if (!response.ok) throw new Error(`the social site answered ${response.status}`)
  const { friends } = (await response.json()) as { readonly friends: readonly string[] }
  return friends
}

function welcome(session: Session | undefined): Content {
  return ticket({
    steps: ['Log in at the studio', 'Ask Parlour for your friends', 'Set sail'],
    title: 'Race your friends',
    body: html`<p class="lead"${session?.refused && html` role="status"`}>${session?.refused ? 'You did not log in. The boat waits.' : 'A sailing game by Lighthouse Games. Log in with your player account.'}</p>
${button('/play', 'Log in and play')}`,
  })
}

function harbour(player: string, { friends, refused }: Session): Content {
  return html`<div class="welcome"><h1>Ahoy, ${player}</h1>
<p class="lead">Lighthouse Games knows who you are. It does not know your friends.</p></div>
<section class="now"><div class="panel"><h2>Your crew</h2>
<p>Parlour knows your friends. It gives the game their names, and nothing else, if you allow it there.</p>
${button('/friends', friends ? 'Ask again' : 'Find friends on Parlour')}</div>
<div class="result">${friends ? html`<h2>Friends to race</h2><ul class="chips" id="friends">${friends.map((name) => html`<li class="chip">${name}</li>`)}</ul>` : html`<h2>Nobody yet</h2><p class="hint"${refused && html` role="status"`}>${refused ? 'You said no to Parlour: the game got nothing, and you can play on alone.' : 'Sail alone, or find friends.'}</p>`}</div></section>`
}
