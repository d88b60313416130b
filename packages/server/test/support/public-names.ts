import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from './source-files.ts'

/** A module that a package shows to the world. `name` is unique and fit for a file name: `valetkey-extend`. */
export interface Entry {
  readonly name: string
  readonly path: string
}

const DECLARATION =
  /^export (?:declare )?(?:async )?(?:abstract )?(const|let|function\*?|class|interface|type) (\w+)/gm
const LIST = /^export (type )?\{([^}]*)\}/gm
const STAR = /^export (?:type )?\* from '([^']+)'/gm

/** The entries of a package directory whose file exists already. */
export function publicEntries(directory: string): Entry[] {
  const description: { name: string; exports: Record<string, string> } = JSON.parse(
    readFileSync(join(ROOT, directory, 'package.json'), 'utf8'),
  )
  const entries = Object.entries(description.exports).map(([subpath, file]) => ({
    name: join(description.name, subpath)
      .replace(/^@valetkey\//, '')
      .replaceAll('/', '-'),
    path: join(ROOT, directory, file),
  }))
  return entries.filter(({ path }) => existsSync(path))
}

/** What a module exports, one `type Name` or `value name` a line, sorted. */
export function publicNames(path: string): string {
  return `${[...namesOf(path)].sort().join('\n')}\n`
}

function namesOf(path: string): Set<string> {
  const text = readFileSync(path, 'utf8')
  const names = new Set<string>()
  for (const [, kind = '', name = ''] of text.matchAll(DECLARATION)) {
    names.add(`${kind === 'interface' || kind === 'type' ? 'type' : 'value'} ${name}`)
  }
  for (const [, type, list = ''] of text.matchAll(LIST)) {
    for (const item of list.split(',').map((part) => part.trim())) {
      const [, ownType, name] = /^(type )?(?:\w+ as )?(\w+)$/.exec(item) ?? []
      if (name !== undefined) names.add(`${type || ownType ? 'type' : 'value'} ${name}`)
    }
  }
  for (const [, specifier = ''] of text.matchAll(STAR)) {
    for (const name of namesOf(join(dirname(path), specifier))) names.add(name)
  }
  return names
}
