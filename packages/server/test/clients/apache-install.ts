// Owns where Apache with mod_auth_openidc comes from: the machine, or Debian's packages, unpacked without installing them.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { glob, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** How to start Apache, and where its modules are. */
export interface ApacheProgram {
  readonly executable: string
  readonly modules: string
  readonly environment: Readonly<Record<string, string>>
}

export type FoundApache =
  | { readonly kind: 'found'; readonly program: ApacheProgram }
  | { readonly kind: 'missing'; readonly reason: string }

const run = promisify(execFile)
const packages = ['apache2-bin', 'libapache2-mod-auth-openidc']
const downloadMilliseconds = 60_000
const cache = join(import.meta.dirname, '../../../../node_modules/.cache')

/** Apache of the machine, or else of Debian's packages, which are fetched once. It is missing where neither works. */
export async function findApache(): Promise<FoundApache> {
  const installed = programIn('/')
  if (installed !== undefined) return { kind: 'found', program: installed }
  const directory = join(cache, 'valetkey-apache')
  try {
    if (!existsSync(directory)) await unpack(directory)
    const program = programIn(directory)
    if (program === undefined) throw new Error('the packages hold no Apache with mod_auth_openidc')
    const env = { ...process.env, ...program.environment }
    await run(program.executable, ['-v'], { env })
    return { kind: 'found', program }
  } catch (error) {
    const why = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
    return { kind: 'missing', reason: `no Apache with mod_auth_openidc, and none to be had: ${why}` }
  }
}

function programIn(root: string): ApacheProgram | undefined {
  const executable = join(root, 'usr/sbin/apache2')
  const modules = join(root, 'usr/lib/apache2/modules')
  if (!existsSync(executable) || !existsSync(join(modules, 'mod_auth_openidc.so'))) return undefined
  const libraries = ['x86_64', 'aarch64'].map((machine) => join(root, `usr/lib/${machine}-linux-gnu`))
  const environment = root === '/' ? {} : { LD_LIBRARY_PATH: libraries.join(':') }
  return { executable, modules, environment }
}

// apt gets folders of its own, so that nobody has to be root and the machine stays as it is.
async function unpack(directory: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const staging = await mkdtemp(join(cache, 'valetkey-apache-'))
  try {
    const state = join(staging, 'apt')
    const archives = join(state, 'archives')
    for (const folder of ['lists/partial', 'archives/partial'])
      await mkdir(join(state, folder), { recursive: true })
    const settings = [
      `Dir::State=${state}`,
      'Dir::State::status=/var/lib/dpkg/status',
      `Dir::Cache=${state}`,
      'Debug::NoLocking=true',
      'APT::Sandbox::User=root',
      'Acquire::Retries=0',
      'Acquire::http::Timeout=10',
    ].flatMap((setting) => ['-o', setting])
    const wanted = ['--download-only', '--no-install-recommends', '--yes', ...packages]
    const options = { timeout: downloadMilliseconds }
    await run('apt-get', [...settings, 'update'], options)
    await run('apt-get', [...settings, 'install', ...wanted], options)
    for await (const archive of glob(join(archives, '*.deb')))
      await run('dpkg-deb', ['--extract', archive, staging])
    await rm(state, { recursive: true })
    await rename(staging, directory)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    // Another process was faster.
    if (!existsSync(directory)) throw error
  }
}
