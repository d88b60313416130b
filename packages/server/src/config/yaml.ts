import { createRequire } from 'node:module'
import type { LineCounter, YAMLParseError } from 'yaml'

const require = createRequire(import.meta.url)

/** A YAML document with the lines its values stand on. */
export interface LocatedDocument {
  readonly value: unknown
  /** The line of the value at the path, or of the nearest one above it that exists; from 1. */
  lineOf(path: readonly (string | number)[]): number | undefined
}

export type YamlRead =
  | { readonly kind: 'read'; readonly document: LocatedDocument }
  | { readonly kind: 'mistaken'; readonly mistakes: readonly YamlMistake[] }

export interface YamlMistake {
  readonly line: number
  readonly message: string
}

/** Reads one YAML 1.2 document; JSON is YAML too. Messages never hold text of the file, which may be secret. */
export function readYaml(text: string): YamlRead {
  // Loaded for a file alone: a server that is told everything by its environment has none.
  const { isNode, LineCounter, parseDocument }: typeof import('yaml') = require('yaml')
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  const mistakes = [...document.errors, ...document.warnings].map((error) => mistakeOf(error, lines))
  if (mistakes.length > 0) return { kind: 'mistaken', mistakes }
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 })
  } catch {
    return { kind: 'mistaken', mistakes: [{ line: 1, message: unreadable.BAD_ALIAS }] }
  }
  return { kind: 'read', document: { value, lineOf } }

  function lineOf(path: readonly (string | number)[]): number | undefined {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true)
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
    }
    return undefined
  }
}

const unreadable = {
  BAD_ALIAS: 'an alias (*name) without an anchor, or too many of them; quote text that begins with *',
  BAD_DQ_ESCAPE: 'an unknown escape (\\) in double quotes; use single quotes',
  BAD_INDENT: 'wrong indentation',
  BAD_SCALAR_START: 'text that begins with a reserved character must be quoted',
  DUPLICATE_KEY: 'a name stands here twice',
  MISSING_CHAR: 'a closing quote, bracket, colon or comma is missing',
  MULTIPLE_DOCS: 'only one document may stand in the file',
  TAB_AS_INDENT: 'tabs cannot indent',
  TAG_RESOLVE_FAILED: 'an unknown tag (!name); quote text that begins with !',
} as const

function mistakeOf(
  error: { readonly code: YAMLParseError['code']; readonly pos: readonly [number, number] },
  lines: LineCounter,
): YamlMistake {
  const known: Partial<Record<string, string>> = unreadable
  return { line: lines.linePos(error.pos[0]).line, message: known[error.code] ?? 'not valid YAML' }
}
