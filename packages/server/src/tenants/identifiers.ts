import type {
  ClientGrantId,
  ClientId,
  ConnectionId,
  ResourceServerId,
  RoleId,
  UserId,
} from '../domain/ids.ts'
import { type Random, randomHex, randomToken } from '../domain/ports.ts'

// Identifiers in the forms that Auth0 gives them.

/** 32 letters and digits. */
export function newClientId(random: Random): ClientId {
  return alphanumeric(random, 32) as ClientId
}

/** 64 characters of base64url: 384 bits. */
export function newClientSecret(random: Random): string {
  return randomToken(random, 48)
}

/** `cgr_` and 16 letters and digits. */
export function newClientGrantId(random: Random): ClientGrantId {
  return `cgr_${alphanumeric(random, 16)}` as ClientGrantId
}

/** `con_` and 16 letters and digits. */
export function newConnectionId(random: Random): ConnectionId {
  return `con_${alphanumeric(random, 16)}` as ConnectionId
}

/** `rol_` and 16 letters and digits. */
export function newRoleId(random: Random): RoleId {
  return `rol_${alphanumeric(random, 16)}` as RoleId
}

/** 24 hexadecimal digits. */
export function newResourceServerId(random: Random): ResourceServerId {
  return randomHex(random) as ResourceServerId
}

/** `auth0|` and 24 hexadecimal digits: a user of a database connection. */
export function newUserId(random: Random): UserId {
  return `auth0|${randomHex(random)}` as UserId
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Bytes beyond the last whole multiple of 62 are dropped, so that every character is as likely as any other. */
function alphanumeric(random: Random, length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of random.bytes(length * 2)) if (byte < 248) text += alphabet[byte % 62]
  }
  return text.slice(0, length)
}
