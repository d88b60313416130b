// Brings together what sources cite and what tests hold. Reads text only: nothing is imported or run.
import { type Reference, references, written } from './references.ts'

/** A file; `path` is relative to the repository. */
export interface SourceText {
  readonly path: string
  readonly text: string
}

/** A clause with the files that cite it. */
export interface ClauseCoverage extends Reference {
  readonly sources: readonly string[]
  readonly tests: readonly string[]
}

/** A rule of the server with the test files that see it fire. */
export interface RuleCoverage {
  readonly id: string
  readonly clause: string
  readonly source: string
  readonly tests: readonly string[]
}

/** Everything that the report shows, in its order. */
export interface Coverage {
  readonly clauses: readonly ClauseCoverage[]
  readonly rules: readonly RuleCoverage[]
}

const QUOTED = `'((?:[^'\\\\\\n]|\\\\.)*)'|"((?:[^"\\\\\\n]|\\\\.)*)"|\`((?:[^\`\\\\]|\\\\.)*)\``
// A title is the first argument of a test, or the name of a row in a table of tests.
const TITLE = new RegExp(
  `(?:\\b(?:test|it|suite|describe)(?:\\.\\w+)?\\(|\\b(?:name|title):)\\s*(?:${QUOTED})`,
  'g',
)
const ID = new RegExp(`\\bid:\\s*(?:${QUOTED})`)
const CLAUSE = new RegExp(`\\bclause:\\s*(?:${QUOTED})`)

const collator = new Intl.Collator('en', { numeric: true })

/** Reads sources and tests; both lists sorted as a reader expects, `§4.2` before `§4.10`. */
export function collectCoverage(sources: readonly SourceText[], tests: readonly SourceText[]): Coverage {
  const code = tests.map(({ path, text }) => ({ path, text: withoutComments(text) }))
  const titles = tests.map(({ path, text }) => ({ path, text: titlesIn(text).join('\n\n') }))
  const cited = citations(sources)
  const held = citations(titles)
  const clauses = [...new Map([...cited, ...held]).entries()].map(([key, { reference }]) => ({
    ...reference,
    sources: cited.get(key)?.paths ?? [],
    tests: held.get(key)?.paths ?? [],
  }))
  const definitions = sources.flatMap(rulesIn)
  const rules = definitions.map((rule) => {
    const namesake = definitions.some((other) => other !== rule && other.clause === rule.clause)
    return {
      ...rule,
      tests: [...new Set([...naming(rule.id, code), ...(namesake ? [] : titled(rule.clause, held))])],
    }
  })
  return {
    clauses: clauses.sort((a, b) => collator.compare(written(a), written(b))),
    rules: rules.sort((a, b) => collator.compare(a.id, b.id)),
  }
}

interface Citation {
  readonly reference: Reference
  readonly paths: readonly string[]
}

function citations(files: readonly SourceText[]): Map<string, Citation> {
  const found = new Map<string, Citation>()
  for (const { path, text } of files) {
    for (const reference of references(text)) {
      const paths = found.get(written(reference))?.paths ?? []
      found.set(written(reference), { reference, paths: [...new Set([...paths, path])] })
    }
  }
  return found
}

function titlesIn(text: string): string[] {
  return [...text.matchAll(TITLE)].map((match) => quoted(match))
}

function rulesIn({ path, text }: SourceText): Omit<RuleCoverage, 'tests'>[] {
  const definitions = text.split(/\brule\(\{/).slice(1)
  return definitions.map((definition) => {
    const [id, clause] = [ID, CLAUSE].map((pattern) => quoted(pattern.exec(definition)))
    if (!id || !clause) throw new Error(`${path}: a rule needs its id and its clause as plain strings`)
    return { id, clause, source: path }
  })
}

function naming(id: string, tests: readonly SourceText[]): string[] {
  const spellings = [`'${id}'`, `"${id}"`, `\`${id}\``]
  return tests.filter(({ text }) => spellings.some((id) => text.includes(id))).map(({ path }) => path)
}

// What a comment says proves nothing. Slashes in a string, as those of an address, have no space before them.
function withoutComments(text: string): string {
  return text.replaceAll(/(^|\s)(?:\/\/.*|\/\*[\s\S]*?\*\/)/gm, '$1')
}

// Where several rules share a clause, its title does not tell which of them fired.
function titled(clause: string, held: ReadonlyMap<string, Citation>): readonly string[] {
  return references(clause).flatMap((reference) => held.get(written(reference))?.paths ?? [])
}

function quoted(match: RegExpExecArray | RegExpMatchArray | null): string {
  return match?.slice(1).find((group) => group !== undefined) ?? ''
}
