/**
 * Longest text of a plain column, in bytes of UTF-8. Four of them fit an index entry of PostgreSQL (2,704 bytes), which
 * the widest key needs. Longer text belongs in a document.
 */
export const TEXT_LIMIT_BYTES = 600

const BYTES_PER_UNIT = 3

/** Whether both engines can hold the text and find it again: PostgreSQL has no NUL, UTF-8 no lone surrogate. */
export function isStorableText(text: string): boolean {
  return fits(text) && text.isWellFormed() && !text.includes('\0')
}

function fits(text: string): boolean {
  if (text.length * BYTES_PER_UNIT <= TEXT_LIMIT_BYTES) return true
  return text.length <= TEXT_LIMIT_BYTES && Buffer.byteLength(text) <= TEXT_LIMIT_BYTES
}
