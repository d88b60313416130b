// Holds the layers: who may import whom, and what belongs in one place only. ARCHITECTURE.md draws the picture.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { matchesGolden } from './support/golden.ts'
import { publicEntries, publicNames } from './support/public-names.ts'
import { type Import, ROOT, type SourceFile, sourceFiles } from './support/source-files.ts'

/** A layer: a folder of `src`, or a file directly in it. */
interface Layer {
  readonly layers: readonly string[]
  readonly packages: readonly string[]
}

const EVERYTHING = 'everything'

const LAYERS: Readonly<Record<string, Layer | typeof EVERYTHING>> = {
  domain: { layers: [], packages: [] },
  ports: { layers: ['domain'], packages: ['pino', 'nodemailer'] },
  oauth: { layers: ['domain'], packages: ['jose'] },
  accounts: { layers: ['domain'], packages: ['@node-rs/argon2', '@node-rs/bcrypt'] },
  tenants: { layers: ['domain'], packages: ['@valetkey/api'] },
  events: { layers: ['domain'], packages: [] },
  'extend.ts': { layers: ['domain', 'oauth'], packages: [] },
  pages: { layers: ['domain'], packages: ['liquidjs'] },
  stores: { layers: ['domain'], packages: ['pg'] },
  http: {
    layers: ['domain', 'oauth', 'accounts', 'tenants', 'events', 'pages'],
    packages: ['@valetkey/api', 'hono', '@hono/node-server'],
  },
  config: { layers: ['domain'], packages: ['zod', 'yaml', '@valetkey/api'] },
  'server.ts': EVERYTHING,
  'main.ts': EVERYTHING,
  cli: EVERYTHING,
  testkit: EVERYTHING,
}

/** Layers at the top: who may import them. */
const TOPS: Readonly<Record<string, readonly string[]>> = {
  'server.ts': ['main.ts', 'cli', 'testkit'],
  'main.ts': [],
  cli: ['main.ts'],
  testkit: [],
}

/** Builtins that are not for everybody. */
const BUILTINS: Readonly<Record<string, readonly string[]>> = {
  'node:sqlite': ['stores'],
  'node:http': ['http', 'ports', 'main.ts', 'server.ts'],
  'node:https': ['http', 'ports', 'main.ts', 'server.ts'],
  'node:net': ['http', 'ports', 'main.ts', 'server.ts'],
}

/** What needs no network of a builtin that opens it. */
const HARMLESS = ['BlockList', 'isIP', 'isIPv4', 'isIPv6']

const MAXIMUM_LINES = 400

const files = sourceFiles('packages/server/src')

function layerOf(path: string): string {
  return path.split('/')[0] ?? path
}

function isLocal({ specifier }: Import): boolean {
  return specifier.startsWith('.')
}

function isLoaded(imported: Import): boolean {
  return isLocal(imported) && !imported.typeOnly
}

/** `undefined` when a file may have this import, else the reason. */
function objection(file: SourceFile, imported: Import): string | undefined {
  const from = layerOf(file.path)
  const layer = LAYERS[from]
  if (layer === undefined) return `${from} is in no row of the table`
  if (imported.specifier.startsWith('node:')) {
    const owners = BUILTINS[imported.specifier] ?? [from]
    const isHarmless = imported.names.every((name) => HARMLESS.includes(name))
    return owners.includes(from) || isHarmless ? undefined : `only ${owners.join(', ')} may use it`
  }
  if (!isLocal(imported)) {
    return layer === EVERYTHING || layer.packages.includes(imported.target)
      ? undefined
      : 'package not in its row'
  }
  const to = layerOf(imported.target)
  if (to === from) return undefined
  if (TOPS[to] !== undefined && !TOPS[to].includes(from)) return 'nothing imports the top'
  if (from === 'pages' && !imported.typeOnly) return 'pages take types only'
  return layer === EVERYTHING || layer.layers.includes(to) ? undefined : 'layer not in its row'
}

function matching(pattern: RegExp, isExempt: (path: string) => boolean): string[] {
  return files.filter(({ code, path }) => pattern.test(code) && !isExempt(path)).map(({ path }) => path)
}

test('the sources of the server were found', (t) => {
  t.diagnostic(`architecture: ${files.length} files`)
  assert.ok(files.length > 0)
})

test('every import follows the table of layers', () => {
  const broken = files.flatMap((file) =>
    file.imports.flatMap((imported) => {
      const reason = objection(file, imported)
      return reason === undefined ? [] : [`${file.path} imports ${imported.specifier}: ${reason}`]
    }),
  )
  assert.deepEqual(broken, [])
})

test('every local import names a .ts file that exists', () => {
  const known = new Set(files.map(({ path }) => path))
  const broken = files.flatMap(({ path, imports }) =>
    imports
      .filter((imported) => isLocal(imported) && !known.has(imported.target))
      .map(({ specifier }) => `${path} imports ${specifier}`),
  )
  assert.deepEqual(broken, [])
})

test('imports form no cycle', () => {
  // Imports of types are erased: what a call carries may name the type of what is called.
  const targets = new Map(
    files.map(({ path, imports }) => [path, imports.filter(isLoaded).map((i) => i.target)]),
  )
  const finished = new Set<string>()
  const cycleFrom = (path: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path].join(' → ')
    if (finished.has(path)) return undefined
    for (const target of targets.get(path) ?? []) {
      const cycle = cycleFrom(target, [...trail, path])
      if (cycle !== undefined) return cycle
    }
    finished.add(path)
    return undefined
  }
  for (const { path } of files) assert.equal(cycleFrom(path, []), undefined)
})

test('the environment is read in config/load.ts only', () => {
  assert.deepEqual(
    matching(/\bprocess\.env\b/, (path) => path === 'config/load.ts'),
    [],
  )
})

test('time and randomness come from ports/ only', () => {
  const impure = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/
  assert.deepEqual(
    matching(impure, (path) => layerOf(path) === 'ports'),
    [],
  )
})

test('no module holds a variable', () => {
  assert.deepEqual(
    matching(/^(?:export )?(?:let|var) /m, () => false),
    [],
  )
})

test('liquidjs is met in one file', () => {
  const users = files.filter(({ imports }) => imports.some(({ target }) => target === 'liquidjs'))
  assert.ok(users.length <= 1, users.map(({ path }) => path).join(', '))
})

test('extend.ts re-exports and has no logic', () => {
  const extend = files.find(({ path }) => path === 'extend.ts')
  assert.doesNotMatch(extend?.code ?? '', /\b(?:const|function|class)\b/)
})

test('no file is longer than 400 lines', () => {
  const sources = [...files, ...sourceFiles('packages/api/src'), ...sourceFiles('packages/sdk/src')]
  const long = sources.filter(({ text }) => text.split('\n').length > MAXIMUM_LINES + 1)
  assert.deepEqual(
    long.map(({ path }) => path),
    [],
  )
})

test('example extensions need nothing but valetkey/extend', () => {
  const foreign = sourceFiles('examples/extensions').flatMap(({ path, imports }) =>
    imports
      .filter(({ specifier }) => specifier !== 'valetkey/extend')
      .map(({ specifier }) => `${path} imports ${specifier}`),
  )
  assert.deepEqual(foreign, [])
})

test('the SDK needs jose and nothing else at run time', () => {
  const description = JSON.parse(readFileSync(join(ROOT, 'packages/sdk/package.json'), 'utf8'))
  assert.deepEqual(Object.keys(description.dependencies), ['jose'])
  const foreign = sourceFiles('packages/sdk/src').flatMap(({ path, imports }) =>
    imports
      .filter((imported) => !isLocal(imported) && !imported.typeOnly)
      .filter(({ specifier, target }) => target !== 'jose' && !specifier.startsWith('node:'))
      .map(({ specifier }) => `${path} imports ${specifier}`),
  )
  assert.deepEqual(foreign, [])
})

for (const { name, path } of ['packages/server', 'packages/api', 'packages/sdk'].flatMap(publicEntries)) {
  test(`the public names of ${name} are those that were agreed`, () => {
    matchesGolden(`exports-${name}.txt`, publicNames(path))
  })
}
