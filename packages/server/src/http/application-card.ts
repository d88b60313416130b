import type { Client } from '../domain/client.ts'
import type { ApplicationCard } from '../pages/models.ts'

/** What a page tells about the application that asks. */
export function applicationCard(client: Client): ApplicationCard {
  return {
    name: client.name,
    ...(client.logoUri !== undefined && { logoUri: client.logoUri }),
    ...(client.policyUri !== undefined && { policyUri: client.policyUri }),
    ...(client.tosUri !== undefined && { tosUri: client.tosUri }),
  }
}
