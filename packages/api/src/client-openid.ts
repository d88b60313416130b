import { z } from 'zod'
import { bounded } from './fields.ts'
import { link } from './urls.ts'

const acrValue = bounded(1, 255).regex(/^[\x21-\x7e]+$/, { error: 'expected printable ASCII without spaces' })

/** What OpenID Connect Registration §2 lets a client say about its logins, and Auth0 has no member for. */
export const ownOpenidMembers = {
  /** OpenID Connect Core §8: whether each sector knows a user by a `sub` of its own. */
  subject_type: z.enum(['public', 'pairwise'], { error: 'expected public or pairwise' }).optional(),
  /** Whose host is the sector; empty removes it. */
  sector_identifier_uri: link
    .refine((value) => value === '' || value.startsWith('https://'), { error: 'expected an https address' })
    .optional(),
  /** Seconds. */
  default_max_age: z.number().int().min(0).max(31_536_000).optional(),
  require_auth_time: z.boolean().optional(),
  /** An empty list removes them. */
  default_acr_values: z.array(acrValue).max(50).optional(),
}
