import { type Content, type Html, html } from '@valetkey-examples/shared/html'

const choices = [
  { id: 'scope-read', scope: 'read:contacts', text: 'Read contacts', checked: true },
  { id: 'scope-create', scope: 'create:contacts', text: 'Add contacts', checked: false },
  { id: 'scope-delete', scope: 'delete:contacts', text: 'Delete contacts', checked: false },
  { id: 'scope-offline', scope: 'offline_access', text: 'Keep access while you are away', checked: true },
] as const

/** The form that begins a login. `asked`: what the login before asked for. `askAgain`: proposes to ask the owner anew. */
export function scopeForm(label: string, asked: readonly string[] | undefined, askAgain = false): Html {
  return html`<form method="post" action="/login" class="scope-form">
<fieldset>
<legend>What shall the application ask for?</legend>
${choices.map(({ id, scope, text, checked }) => box(id, html` name="scope" value="${scope}"`, asked?.includes(scope) ?? checked, html`${text} <code>${scope}</code>`))}
${box('prompt-consent', html` name="consent"`, askAgain, html`Ask me again even if I agreed before <code>prompt=consent</code>`)}
</fieldset>
<button class="primary" id="login" type="submit">${label}</button>
</form>`
}

function box(id: string, attributes: Html, checked: boolean, label: Content): Html {
  return html`<p class="choice"><input type="checkbox" id="${id}"${attributes}${checked && html` checked`}><label for="${id}">${label}</label></p>
`
}
