import { z } from 'zod'
import { bounded } from './fields.ts'
import { logoutAddress } from './urls.ts'

// A logout that a client or its user asked for is always told; what else Auth0 tells of does not happen here yet.
const initiators = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('all') }),
  z.strictObject({
    mode: z.literal('custom'),
    selected_initiators: z
      .array(bounded(1, 100))
      .max(50)
      .refine((names) => names.includes('rp-logout'), { error: 'cannot be without rp-logout' }),
  }),
])

/** Auth0's `oidc_logout` of a client (OpenID Connect Back-Channel Logout §2.2). An empty list removes the address. */
export const oidcLogout = z.strictObject({
  backchannel_logout_urls: z.array(logoutAddress).max(1).optional(),
  backchannel_logout_initiators: initiators.optional(),
})

/** What Auth0 has no member for, in the names of Back-Channel Logout §2.2 and Front-Channel Logout §2. */
export const ownLogoutMembers = {
  backchannel_logout_session_required: z.boolean().optional(),
  /** Empty removes it. */
  frontchannel_logout_uri: logoutAddress.or(z.literal('')).optional(),
  frontchannel_logout_session_required: z.boolean().optional(),
}
