// The bank's API: an account for everybody who comes with a token of the bank's authorization server.
import { protectResource } from '@valetkey/sdk'
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

export function bankApi(issuer: string, audience: string): Hono {
  const { requireScopes } = protectHono(protectResource({ issuer, audience }))
  return new Hono()
    .get('/balance', requireScopes('read:balance'), (c) =>
      c.json({ balance: transactions.reduce((sum, { amount }) => sum + amount, 0) }),
    )
    .get('/transactions', requireScopes('read:transactions'), (c) => c.json({ transactions }))
}
