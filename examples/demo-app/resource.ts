import { exchange, type OutgoingRequest } from './exchange.ts'
import type { Session } from './session.ts'
import type { Tokens } from './tokens.ts'

interface ApiCall {
  readonly action: string
  readonly title: string
  readonly scope: string
  readonly method: OutgoingRequest['method']
}

/** The calls that the buttons make, and the scope that the API asks for each. */
export const apiCalls: readonly ApiCall[] = [
  { action: 'read', title: 'List contacts', scope: 'read:contacts', method: 'GET' },
  { action: 'create', title: 'Add a contact', scope: 'create:contacts', method: 'POST' },
  { action: 'delete', title: 'Delete a contact', scope: 'delete:contacts', method: 'DELETE' },
]

const newContact = { name: 'Charles Babbage', email: 'charles@example.com' }

/** Calls the API with the access token (RFC 6750 §2.1), whether or not it has the scope, and keeps what came of it. */
export async function callApi(
  session: Session,
  tokens: Tokens,
  action: string,
  apiUrl: string,
  fetcher: typeof fetch,
): Promise<void> {
  const call = apiCalls.find((candidate) => candidate.action === action)
  if (!call) return
  const path = action === 'delete' ? `/contacts/${session.lastContact?.id ?? 'grace-hopper'}` : '/contacts'
  const answer = await exchange(
    {
      method: call.method,
      url: `${apiUrl}${path}`,
      authorization: `Bearer ${tokens.accessToken}`,
      ...(action === 'create' && { json: newContact }),
    },
    fetcher,
  )
  session.result = { kind: 'api', title: call.title, exchange: answer.exchange, neededScope: call.scope }
  const contact = Array.isArray(answer.body.contacts) ? answer.body.contacts.at(-1) : answer.body
  if (action !== 'delete' && isContact(contact)) session.lastContact = { id: contact.id, name: contact.name }
}

function isContact(value: unknown): value is { readonly id: string; readonly name: string } {
  const { id, name } = (value ?? {}) as Record<string, unknown>
  return typeof id === 'string' && typeof name === 'string' && /^[\w-]+$/.test(id)
}
