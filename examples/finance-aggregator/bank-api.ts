// The bank's API: an account for everybody who comes with a token of the bank's authorization server.
import { type ProtectOptions, protectResource } from '@valetkey/sdk'
import { protectHono } from '@valetkey/sdk/hono'
import { Hono } from 'hono'

export interface Transaction {
  readonly date: string
  readonly text: string
  /** In cents. */
  readonly amount: number
}

const transactions: readonly Transaction[] = [
  { date: '2026-01-28', text: 'Salary', amount: 284_000 },
  { date: '2026-01-29', text: 'Rent', amount: -92_000 },
  { date: '2026-01-30', text: 'Greengrocer', amount: -1_845 },
  { date: '2026-01-31', text: 'Punched cards', amount: -4_210 },
]

/** `introspection`: the API's own credentials. With them it asks whether a token was revoked, since a bank's customer who
 * ends an access means now, and not when the last token expires. */
export function bankApi(options: ProtectOptions): Hono {
  const { requireScopes } = protectHono(protectResource(options))
  return new Hono()
    .get('/balance', requireScopes('read:balance'), (c) =>
      c.json({ balance: transactions.reduce((sum, { amount }) => sum + amount, 0) }),
    )
    .get('/transactions', requireScopes('read:transactions'), (c) => c.json({ transactions }))
}
