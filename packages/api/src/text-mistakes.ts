import type { Mistake, Path } from './mistake.ts'
import { isGroup } from './noun.ts'

const depthLimit = 40

/** Whether the document is nested so deeply that reading it could exhaust the stack. */
export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth >= depthLimit || Object.values(value).some((member) => isTooDeep(member, depth + 1))
}

/** Text that no store can hold (NUL, half of a surrogate pair) or that hides (control characters), wherever it stands. */
export function textMistakes(value: unknown, path: Path = []): readonly Mistake[] {
  if (typeof value === 'string') return inText(value, path)
  if (Array.isArray(value)) return value.flatMap((item, index) => textMistakes(item, [...path, index]))
  if (!isGroup(value)) return []
  return Object.entries(value).flatMap(([name, member]) => [
    ...inText(name, [...path, name]),
    ...textMistakes(member, [...path, name]),
  ])
}

function inText(text: string, path: Path): readonly Mistake[] {
  if (!text.isWellFormed()) return [{ path, message: 'is not valid Unicode text' }]
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)
    ? [{ path, message: 'must not contain control characters' }]
    : []
}
