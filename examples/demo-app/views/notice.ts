import { type Html, html } from '@valetkey-examples/shared/html'
import { layout } from './layout.ts'

const notices = {
  unknown_state: {
    title: 'This answer belongs to no login',
    text: 'The state in it is not one that this browser was sent away with: it may come from an old tab, or from somebody who wants to log you in as somebody else. It was thrown away.',
  },
  not_found: { title: 'There is nothing here', text: 'Go back to the beginning and try again.' },
  outage: {
    title: 'Somebody does not answer',
    text: 'The authorization server or the API cannot be reached, or answered in a way that must not be trusted. The log of this application says more.',
  },
} as const

/** A page with one message. */
export function noticePage(kind: keyof typeof notices): Html {
  const { title, text } = notices[kind]
  return layout(
    title,
    html`<div class="notice"><h1>${title}</h1><p class="lead">${text}</p><p><a href="/">Back to the beginning</a></p></div>`,
  )
}
