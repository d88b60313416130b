import { z } from 'zod'

// Hashes that come from elsewhere. Their costs are bounded, because verifying one spends this server's time and memory at
// the choice of whoever wrote the file.

const base64 = '[A-Za-z0-9+/]'
const argon2 = new RegExp(
  `^\\$argon2(?:id|i|d)\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})\\$${base64}{11,88}\\$${base64}{21,172}$`,
)
const bcrypt = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/

const expected =
  'expected an argon2 hash ($argon2id$v=19$…) with at most 1 GiB and 20 passes, or a bcrypt hash ($2b$…) of cost 4 to 15'

const hash = z
  .string({ error: expected })
  .max(512)
  .refine((value) => isArgon2(value) || isBcrypt(value), { error: expected })

/** A hash in PHC or bcrypt text, alone or under Auth0's `custom_password_hash` names. */
export const passwordHash = z.union(
  [
    hash,
    z
      .strictObject({ algorithm: z.enum(['argon2', 'bcrypt']), hash: z.strictObject({ value: hash }) })
      .transform((given) => given.hash.value),
    z
      .strictObject({ algorithm: z.enum(['argon2', 'bcrypt']), value: hash })
      .transform((given) => given.value),
  ],
  { error: expected },
)

function isArgon2(value: string): boolean {
  const [, memory, passes, lanes] = argon2.exec(value)?.map(Number) ?? []
  if (memory === undefined || passes === undefined || lanes === undefined) return false
  return memory >= 8 && memory <= 1_048_576 && passes >= 1 && passes <= 20 && lanes >= 1 && lanes <= 16
}

function isBcrypt(value: string): boolean {
  const cost = Number(bcrypt.exec(value)?.[1])
  return cost >= 4 && cost <= 15
}
