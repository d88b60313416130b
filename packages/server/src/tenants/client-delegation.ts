import type { ClientEntry } from '@valetkey/api'
import type { Client, TrustedIssuer } from '../domain/client.ts'
import { compact } from './step.ts'

/** What an entry says about acting for users who are not there; absent members keep what is stored. */
export function delegationFrom(
  { valetkey }: ClientEntry,
  stored: Client | undefined,
): Pick<Client, 'tokenExchange' | 'trustedIssuers'> {
  const exchange = valetkey?.token_exchange
  const tokenExchange = exchange && {
    impersonation: exchange.impersonation ?? stored?.tokenExchange?.impersonation ?? false,
    delegation: exchange.delegation ?? stored?.tokenExchange?.delegation ?? false,
  }
  return compact({
    tokenExchange: tokenExchange ?? stored?.tokenExchange,
    trustedIssuers: valetkey?.trusted_issuers?.map(trustedIssuerFrom) ?? stored?.trustedIssuers,
  })
}

type Entry = NonNullable<NonNullable<ClientEntry['valetkey']>['trusted_issuers']>[number]

function trustedIssuerFrom({ issuer, jwks, jwks_uri, algorithms, subjects }: Entry): TrustedIssuer {
  return compact({ issuer, jwks, jwksUri: jwks_uri, algorithms, subjects })
}
