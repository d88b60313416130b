import { readFileSync } from 'node:fs'
import { keywordValues } from '../config/load.ts'
import { type LocatedDocument, readYaml } from '../config/yaml.ts'
import { replaceKeywords } from './keywords.ts'

export type TenantFileRead =
  | { readonly kind: 'read'; readonly document: LocatedDocument }
  | { readonly kind: 'mistaken'; readonly mistakes: readonly string[] }

/** How a file is called in reports. */
export function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file
}

/** Reads a tenant file in YAML or JSON, `-` for standard input, with its keywords replaced. */
export function readTenantFile(file: string): TenantFileRead {
  const name = nameOf(file)
  let text: string
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    return { kind: 'mistaken', mistakes: [`${name}: cannot be read (${code})`] }
  }
  const replaced = replaceKeywords(text, keywordValues())
  if (replaced.missing.length > 0) {
    const mistakes = replaced.missing.map(
      ({ line, name: keyword }) => `${name} line ${line}: the keyword ${keyword} is no environment variable`,
    )
    return { kind: 'mistaken', mistakes }
  }
  const read = readYaml(replaced.text)
  if (read.kind === 'read') return read
  return { kind: 'mistaken', mistakes: read.mistakes.map((at) => `${name} line ${at.line}: ${at.message}`) }
}
