import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { type Random, randomHex } from '../domain/ports.ts'

/** The master key cannot be used. The message says what to do and holds nothing secret. */
export class MasterKeyMistake extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'MasterKeyMistake'
  }
}

/** The settings that decide where the master key lives. */
export interface KeyPlace {
  /** 32 bytes in base64url. */
  readonly masterKey?: string
  readonly store:
    | { readonly engine: 'sqlite'; readonly sqlite: { readonly file?: string } }
    | { readonly engine: 'postgres' }
}

/** Where the master key lives when it is not a setting; `undefined` when no file is used. */
export function masterKeyFile(config: KeyPlace): string | undefined {
  if (config.masterKey !== undefined || config.store.engine !== 'sqlite') return undefined
  const { file } = config.store.sqlite
  return file === undefined ? undefined : join(dirname(file), 'master.key')
}

/**
 * The 32 bytes of the master key: the setting, else the file beside the SQLite database.
 *
 * The file is made once, while there is no database yet. An in-memory database gets a key that dies with it. Throws
 * `MasterKeyMistake` when the file is missing beside a database, readable by others or damaged.
 */
export function loadMasterKey(config: KeyPlace, random: Random): Uint8Array {
  if (config.masterKey !== undefined) return decoded(config.masterKey, 'the setting masterKey')
  if (config.store.engine !== 'sqlite') throw new MasterKeyMistake('masterKey is required with PostgreSQL')
  const file = masterKeyFile(config)
  if (file === undefined) return random.bytes(32)
  if (!existsSync(file)) {
    if (isFilled(config.store.sqlite.file))
      throw new MasterKeyMistake(
        `${file} is missing, and the database beside it cannot be read without it: restore the file, or set masterKey`,
      )
    create(file, random)
  }
  return read(file)
}

/** Reads an existing key file. Throws `MasterKeyMistake`. */
function read(file: string): Uint8Array {
  const mode = statSync(file).mode & 0o777
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new MasterKeyMistake(
      `${file} has mode 0${mode.toString(8)} and may be read by others: run chmod 600, and consider the key known`,
    )
  return decoded(readFileSync(file, 'utf8').trim(), file)
}

/** Writes the whole key under another name first, so that neither a crash nor a second process leaves half of one. */
function create(file: string, random: Random): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomHex(random)}`
  writeFileSync(draft, `${Buffer.from(random.bytes(32)).toString('base64url')}\n`, {
    mode: 0o600,
    flag: 'wx',
    flush: true,
  })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
  syncDirectory(dirname(file))
}

/** A name is durable when its directory is. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(directory, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function isFilled(file: string | undefined): boolean {
  return file !== undefined && existsSync(file) && statSync(file).size > 0
}

function decoded(value: string, source: string): Uint8Array {
  const bytes = Buffer.from(value, 'base64url')
  if (bytes.length === 32 && bytes.toString('base64url') === value) return bytes
  throw new MasterKeyMistake(`${source} does not hold 32 bytes in base64url`)
}
