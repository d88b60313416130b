// Reads TypeScript sources as text: files, imports and exported names. Understands the house style, not all of
// the language.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** The root of the repository. */
export const ROOT = join(import.meta.dirname, '..', '..', '..', '..')

/** One file; `path` is relative to the directory that was read, `code` is the text without comments. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly code: string
  readonly imports: readonly Import[]
}

/**
 * One import or re-export. `target` is a path as in `SourceFile`, or the name of a package or builtin; `names` are as the
 * target exports them, `*` for all.
 */
export interface Import {
  readonly specifier: string
  readonly names: readonly string[]
  readonly target: string
  readonly typeOnly: boolean
}

const NAMES = '(?:[\\w$]+|\\{[^}]*\\}|\\*(?:\\s+as\\s+[\\w$]+)?)'
const STATIC = new RegExp(
  `^(?:import|export)\\s+(type\\s+)?(${NAMES}(?:\\s*,\\s*${NAMES})?)\\s*from\\s*['"]([^'"]+)['"]`,
  'gm',
)
const BARE = /^import\s*['"]([^'"]+)['"]/gm
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]/g

/** The sources below a directory of the repository, tests excluded; empty when it does not exist. */
export function sourceFiles(directory: string): SourceFile[] {
  const cwd = join(ROOT, directory)
  if (!existsSync(cwd)) return []
  const paths = globSync('**/*.{ts,tsx}', { cwd, exclude: ['**/node_modules/**', '**/*.test.ts'] })
  return paths.sort().map((path) => sourceFile(path, readFileSync(join(cwd, path), 'utf8')))
}

/** What a text says about itself. */
export function sourceFile(path: string, text: string): SourceFile {
  const code = withoutComments(text)
  return { path, text, code, imports: importsOf(path, code) }
}

function importsOf(path: string, code: string): Import[] {
  const found: Omit<Import, 'target'>[] = []
  for (const [, type, clause = '', specifier = ''] of code.matchAll(STATIC)) {
    const names = clause.replaceAll(/\btype\s+/g, '').match(/[\w$*]+(?:\s+as\s+[\w$]+)?/g) ?? []
    found.push({
      specifier,
      names: names.map((name) => name.replace(/\s.*/s, '')),
      typeOnly: type !== undefined,
    })
  }
  for (const pattern of [BARE, DYNAMIC]) {
    for (const [, specifier = ''] of code.matchAll(pattern))
      found.push({ specifier, names: ['*'], typeOnly: false })
  }
  return found.map((entry) => ({ ...entry, target: targetOf(path, entry.specifier) }))
}

function targetOf(path: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(path), specifier))
  if (specifier.startsWith('node:')) return specifier
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\*[\s\S]*?\*\//gm, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')
}
