import { z } from 'zod'
import { audience, nameText, scopeToken } from './fields.ts'
import { type InertMembers, noun } from './noun.ts'

const schema = z.strictObject({
  /** The client's id or, as deploy-cli writes it, its name. */
  client_id: nameText,
  audience,
  subject_type: z.enum(['client', 'user']).optional(),
  scope: z.array(scopeToken).max(1000).optional(),
  allow_all_scopes: z.boolean().optional(),
})

/** One of `clientGrants`. */
export type ClientGrantEntry = z.output<typeof schema>

const inert: InertMembers = {
  id: 'anything',
  is_system: 'off',
  organization_usage: ['deny'],
  allow_any_organization: 'off',
  default_for: 'off',
  authorization_details_types: 'off',
}

export const clientGrantNoun = noun(schema, inert)
