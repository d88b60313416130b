import { z } from 'zod'

/** How many characters a code of each set needs (RFC 8628 §6.1): 34 and 29 bits; Auth0's figures. */
const shortest = { base20: 8, digits: 9 } as const

const mask = z
  .string()
  .max(20, { error: 'expected at most 20 characters' })
  .regex(/^\*(?:[* -]*\*)?$/, {
    error: 'expected * for each character, with hyphens and spaces between them',
  })

/** Auth0's `device_flow`: what the codes look like that people type (RFC 8628 §6.1). */
export const deviceFlow = z
  .strictObject({ charset: z.enum(['base20', 'digits']).optional(), mask: mask.optional() })
  .superRefine(({ charset = 'base20', mask }, context) => {
    const needed = shortest[charset]
    if (mask === undefined || mask.replace(/[^*]/g, '').length >= needed) return
    // RFC 8628 §5.1: whoever guesses must not get through before the code expires.
    const message = `needs at least ${needed} characters (*) with the charset ${charset}`
    context.addIssue({ code: 'custom', path: ['mask'], message })
  })
