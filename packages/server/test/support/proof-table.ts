// Reads a table of docs whose rows name the tests that prove them, so that no row outlives its proof.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const tests = join(import.meta.dirname, '..')

/** A row of a table: `| 1 | what is claimed | proof |`. */
export interface ProofRow {
  readonly number: number
  readonly proof: string
}

/** The numbered rows of a document in `docs`. */
export function proofRows(document: string): readonly ProofRow[] {
  const table = readFileSync(join(tests, '../../../docs', document), 'utf8')
  return [...table.matchAll(/^\| (\d+) \| [^|]+ \| (.+) \|$/gm)].map(([, number, proof = '']) => ({
    number: Number(number),
    proof,
  }))
}

/** The tests that rows name, as `file › title`, and that are not there; a file alone stands for all of it. */
export function missingProofs(rows: readonly ProofRow[]): readonly string[] {
  return rows.flatMap(({ number, proof }) =>
    named(proof)
      .filter(({ file, title }) => !holds(file, title))
      .map(({ file, title }) => `${number}: ${file} › ${title}`),
  )
}

/** The rows with neither a proof nor, after the word Open, a reason. */
export function bareRows(rows: readonly ProofRow[]): readonly ProofRow[] {
  return rows.filter(({ proof }) => named(proof).length === 0 && !/\*\*Open\*\*[^:]*: .{20}/.test(proof))
}

/** What a row names: a file, and perhaps a test in it. */
function named(proof: string) {
  return [...proof.matchAll(/`([^`]+\.test\.ts)(?: › ([^`]+))?`/g)].map(([, file = '', title]) => ({
    file,
    title,
  }))
}

function holds(file: string, title: string | undefined): boolean {
  const path = join(tests, file)
  if (!existsSync(path)) return false
  return title === undefined || readFileSync(path, 'utf8').includes(title)
}
