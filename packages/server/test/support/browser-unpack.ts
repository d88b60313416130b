// Owns the unpacked copy of the Chromium that @sparticuz/chromium ships compressed, with its libraries and fonts.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** How to start the unpacked Chromium. */
export interface UnpackedChromium {
  readonly executablePath: string
  readonly env: Readonly<Record<string, string>>
}

// Only the fonts of the package: pages look the same on every machine. Relative, so that a checkout may be moved.
const FONTS = `<?xml version="1.0"?>
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`

const UNPACK = `await (await import('@sparticuz/chromium')).default.executablePath()`

/** Unpacks Chromium once per installation, next to the package; safe when several processes do it together. */
export async function unpackChromium(): Promise<UnpackedChromium> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chromium found; install one, or name its program in VALETKEY_TEST_CHROMIUM.')
  }
  const home = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..')
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8'))
  const cache = join(home, '..', '..', '.cache')
  const directory = join(cache, `valetkey-chromium-${version}`)
  if (!existsSync(directory)) await unpack(cache, directory)
  return {
    executablePath: join(directory, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(directory, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(directory, 'fonts.conf'),
      XDG_CACHE_HOME: directory,
    },
  }
}

async function unpack(cache: string, directory: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const staging = await mkdtemp(join(cache, 'valetkey-chromium-'))
  // The package unpacks into the directory for temporary files, and its libraries only where it believes to run in
  // the environment it was built for; a process of its own can be told both.
  const env = { ...process.env, TMPDIR: staging, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
  const cwd = dirname(fileURLToPath(import.meta.url))
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', UNPACK], { env, cwd })
    await writeFile(join(staging, 'fonts.conf'), FONTS)
    for (const path of ['', 'chromium']) await chmod(join(staging, path), 0o755)
    await rename(staging, directory)
  } catch (error) {
    await rm(staging, { recursive: true })
    // Another process was faster.
    if (!existsSync(directory)) throw error
  }
}
