import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory of one test, with the path of a database in it. */
export function temporaryDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'valetkey-store-'))
  const remove = () => rmSync(path, { recursive: true, force: true })
  return { path, file: join(path, 'valetkey.db'), remove, [Symbol.dispose]: remove }
}
