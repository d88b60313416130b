import { z } from 'zod'
import { audience, bounded, nameText, scopeToken } from './fields.ts'
import { type InertMembers, noun } from './noun.ts'

/** One scope of one API, in the words of auth0-deploy-cli. */
export const permission = z.strictObject({
  permission_name: scopeToken,
  resource_server_identifier: audience,
})

export type PermissionEntry = z.output<typeof permission>

const schema = z.strictObject({
  name: nameText,
  description: bounded(0, 255).optional(),
  permissions: z.array(permission).max(1000).optional(),
})

/** One of `roles`. Absent members keep what is stored. */
export type RoleEntry = z.output<typeof schema>

const inert: InertMembers = { id: 'anything' }

export const roleNoun = noun(schema, inert)
