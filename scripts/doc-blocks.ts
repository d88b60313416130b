// Type-checks the TypeScript of the documentation: every ```ts block as a module of its own, with the repository's
// compiler settings. A block that begins with ```ts ignore is left out.

import { execFile } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const DOCUMENTS = ['README.md', 'packages/*/README.md', 'examples/*/README.md', 'docs/guides/*.md']

/** A block of a document. `line` is the one of its first line of code, counted from 1. */
export interface DocBlock {
  readonly line: number
  readonly code: string
}

const FENCED = /^```ts(?:[ \t]+(\S+)[^\n]*)?[ \t]*\n([\s\S]*?)^```[ \t]*$/gm

/** The ```ts blocks of a Markdown text, without the ignored ones. */
export function docBlocks(markdown: string): readonly DocBlock[] {
  return [...markdown.matchAll(FENCED)]
    .filter(([, word]) => word !== 'ignore')
    .map(({ index, 2: code = '' }) => ({ line: markdown.slice(0, index).split('\n').length + 1, code }))
}

/** The error lines of the compiler for `documents`, by path; the places are those of the documents. */
export async function checkDocBlocks(documents: ReadonlyMap<string, string>): Promise<readonly string[]> {
  // Inside the workspace, so that imports resolve as in a package of it.
  const folder = mkdtempSync(join(ROOT, '.doc-blocks-'))
  try {
    const places = writeModules(folder, documents)
    const output = await compilerOutput(folder)
    return output
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => withPlace(line, places))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes one module per block and answers which document each one is from. */
function writeModules(folder: string, documents: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const places = new Map<string, string>()
  for (const [path, markdown] of documents) {
    for (const { line, code } of docBlocks(markdown)) {
      const file = join(folder, `${path}.${line}.ts`)
      mkdirSync(dirname(file), { recursive: true })
      // Empty lines first: what the compiler calls line 42 is line 42 of the document.
      writeFileSync(file, '\n'.repeat(line - 1) + code)
      places.set(relative(ROOT, file).replaceAll(sep, '/'), path)
    }
  }
  const settings = {
    extends: '../tsconfig.json',
    compilerOptions: { moduleDetection: 'force' },
    include: ['**/*.ts'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  return places
}

function compilerOutput(folder: string): Promise<string> {
  const compiler = join(ROOT, 'node_modules/.bin/tsc')
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [compiler, '-p', folder, '--pretty', 'false'],
      { cwd: ROOT },
      (error, output, complaint) => resolve(output + complaint || (error === null ? '' : String(error))),
    )
  })
}

function withPlace(line: string, places: ReadonlyMap<string, string>): string {
  const [, file = '', at = '', rest = ''] = /^(.+?)\((\d+,\d+)\): (.*)$/.exec(line) ?? []
  const document = places.get(file)
  return document === undefined ? line : `${document}:${at.replace(',', ':')}: ${rest}`
}

if (import.meta.main) {
  const paths = globSync(DOCUMENTS, { cwd: ROOT, exclude: ['**/node_modules/**'] }).sort()
  const documents = new Map(paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]))
  const count = [...documents.values()].flatMap(docBlocks).length
  const problems = count === 0 ? ['no block found'] : await checkDocBlocks(documents)
  for (const problem of problems) console.error(problem)
  console.log(`${count} blocks in ${documents.size} documents`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
