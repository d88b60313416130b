import { type Content, type Html, html } from '@valetkey-examples/shared/html'
import type { Result } from '../session.ts'
import { httpExchange } from './http.ts'
import { tokenCards } from './token.ts'

/** The last call, what it means, and the messages. */
export function resultView(result: Result): Html {
  const { status, challenge } = result.exchange
  const good = status < 300 && result.failure === undefined
  return html`<h3>${result.title}</h3>
<p class="verdict ${good ? 'good' : 'bad'}"><b>${status}${challengeError(challenge)}</b> ${meaning(result)}</p>
${challenge !== undefined && challengeView(challenge)}
${httpExchange(result.exchange)}
${tokenCards(result)}`
}

function meaning(result: Result): string {
  const { status, challenge } = result.exchange
  if (result.failure !== undefined) return `Not believed, and thrown away: ${result.failure}.`
  if (result.kind === 'refresh') return refreshMeaning(status)
  if (status === 401) return 'The token is not accepted: it may have expired. A refresh gets a new one.'
  if (status === 403 && challengeError(challenge) !== '') {
    return `The token is genuine, but it does not hold ${result.neededScope ?? 'the scope'}. Log in again and allow it, and the same call works.`
  }
  if (status === 404) return 'The token was accepted, but there is no such contact any more.'
  if (status >= 300) return 'The call did not succeed.'
  if (result.kind === 'userinfo') return 'These are the claims that your consent covers.'
  return 'The API checked signature, issuer, audience, expiry and scope of the token by itself, with the public keys of the authorization server.'
}

function refreshMeaning(status: number): string {
  if (status >= 300) return 'The refresh token is not accepted any more. Log in again.'
  return 'New tokens, without you. The old refresh token is used up: should it ever come back, somebody stole it, and everything from this login is revoked.'
}

const parameterMeanings: Readonly<Record<string, string>> = {
  realm: 'what is protected',
  error: 'why the token was not enough, for programs',
  error_description: 'the same for developers',
  scope: 'what the token would need',
  resource_metadata: 'where the API describes itself',
}

/** RFC 6750 §3: the challenge tells the application what to do better. */
function challengeView(challenge: string): Content {
  const rows = parametersOf(challenge).map(
    ([name, value]) =>
      html`<div><dt><code>${name}</code></dt><dd><b>${value}</b> <span>${parameterMeanings[name] ?? ''}</span></dd></div>`,
  )
  return html`<div class="challenge"><p>What <code>WWW-Authenticate</code> says</p><dl class="meanings">${rows}</dl></div>`
}

function challengeError(challenge: string | undefined): string {
  const error = parametersOf(challenge ?? '').find(([name]) => name === 'error')?.[1]
  return error === undefined ? '' : ` ${error}`
}

function parametersOf(challenge: string): readonly (readonly [string, string])[] {
  return [...challenge.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(
    ([, name = '', value = '']) => [name, value.replace(/\\(.)/g, '$1')] as const,
  )
}
