import { randomUUID } from 'node:crypto'

export interface Contact {
  readonly id: string
  readonly name: string
  readonly email: string
}

const firstContacts: readonly Contact[] = [
  { id: 'grace-hopper', name: 'Grace Hopper', email: 'grace@example.com' },
  { id: 'alan-turing', name: 'Alan Turing', email: 'alan@example.com' },
  { id: 'mary-somerville', name: 'Mary Somerville', email: 'mary@example.com' },
]

/** Contacts in memory, apart for each owner. A real API keeps them in a database under the owner's `sub`. */
export class ContactBook {
  readonly #byOwner = new Map<string, readonly Contact[]>()

  list(owner: string): readonly Contact[] {
    return this.#byOwner.get(owner) ?? firstContacts
  }

  /** The new contact, or undefined when the input is not a name and an email address. */
  create(owner: string, input: unknown): Contact | undefined {
    const { name, email } = (input ?? {}) as Record<string, unknown>
    if (!isLine(name) || !isLine(email) || !email.includes('@')) return undefined
    const contact = { id: randomUUID(), name, email }
    this.#byOwner.set(owner, [...this.list(owner), contact])
    return contact
  }

  /** Whether there was such a contact. */
  delete(owner: string, id: string): boolean {
    const rest = this.list(owner).filter((contact) => contact.id !== id)
    if (rest.length === this.list(owner).length) return false
    this.#byOwner.set(owner, rest)
    return true
  }
}

function isLine(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 200
}
