import { readFileSync } from 'node:fs'
import { didYouMean } from '@valetkey/api/words'
import { allSettings, type Setting } from './catalogue.ts'
import { type Config, type ConfigMistake, resolveConfig, valueAt } from './config.ts'
import { type LocatedDocument, readYaml } from './yaml.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** `mistakes`: one line each, with the setting's name in file and environment, and no values. */
export type Loaded =
  | { readonly kind: 'loaded'; readonly config: Config }
  | { readonly kind: 'mistaken'; readonly mistakes: readonly string[] }

/**
 * Reads the file (`file`, else `VALETKEY_CONFIG`, else none) and the environment, which wins, through one schema.
 *
 * The only reader of the process's environment.
 */
export function loadConfig(file?: string, environment: Environment = process.env): Loaded {
  const source = readFile(file ?? environment.VALETKEY_CONFIG)
  if (source.kind === 'mistaken') return source
  const catalogue = allSettings()
  const raw = structuredClone(source.document.value ?? {})
  const misnamed = applyEnvironment(raw, environment, catalogue)
  const resolved = resolveConfig(raw)
  if (resolved.kind === 'resolved' && misnamed.length === 0)
    return { kind: 'loaded', config: resolved.config }
  const mistakes = resolved.kind === 'mistaken' ? resolved.mistakes : []
  return {
    kind: 'mistaken',
    mistakes: [...mistakes.map((mistake) => line(mistake, source, environment, catalogue)), ...misnamed],
  }
}

type Source =
  | { readonly kind: 'read'; readonly name?: string; readonly document: LocatedDocument }
  | { readonly kind: 'mistaken'; readonly mistakes: readonly string[] }

function readFile(name: string | undefined): Source {
  if (name === undefined) return { kind: 'read', document: { value: {}, lineOf: () => undefined } }
  let text: string
  try {
    text = readFileSync(name, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    return { kind: 'mistaken', mistakes: [`${name}: the configuration file cannot be read (${code})`] }
  }
  const read = readYaml(text)
  if (read.kind === 'read') return { ...read, name }
  return { kind: 'mistaken', mistakes: read.mistakes.map((at) => `${name} line ${at.line}: ${at.message}`) }
}

/** Puts the variables into `raw` and answers those that are no setting. `VALETKEY_TEST_…` is for the tests, which start servers too. */
function applyEnvironment(raw: unknown, environment: Environment, catalogue: readonly Setting[]): string[] {
  const byVariable = new Map(catalogue.map((setting) => [setting.variable, setting]))
  const mistakes: string[] = []
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith('VALETKEY_') || variable === 'VALETKEY_CONFIG' || value === undefined) continue
    const setting = byVariable.get(variable)
    if (setting === undefined) {
      if (!isServiceLink(variable, value) && !variable.startsWith('VALETKEY_TEST_'))
        mistakes.push(`${variable}: is no setting${didYouMean(variable, byVariable.keys())}`)
    } else if (value === '') mistakes.push(`${variable}: is empty; give it a value or remove it`)
    else putAt(raw, setting.path, parsed(value, setting))
  }
  return mistakes
}

/** Kubernetes gives every pod such variables for a service called valetkey; they are not meant for us. */
function isServiceLink(variable: string, value: string): boolean {
  return (
    /_SERVICE_(HOST|PORT(_\w+)?)$/.test(variable) ||
    /_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(variable) ||
    (variable.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value))
  )
}

/** The schema judges what comes out: text that is no number stays text. */
function parsed(value: string, setting: Setting): unknown {
  if (setting.reads !== 'text' && /^-?\d{1,15}$/.test(value)) return Number(value)
  if (setting.reads === 'number or list') return value.split(',').map((item) => item.trim())
  return value
}

function putAt(root: unknown, path: readonly string[], value: unknown): void {
  let target = root
  for (const member of path.slice(0, -1)) {
    if (!isObject(target)) return
    target[member] ??= {}
    target = target[member]
  }
  const last = path.at(-1)
  if (isObject(target) && last !== undefined) target[last] = value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One line of the report; names the place in the file only when the value came from there. */
function line(
  mistake: ConfigMistake,
  source: Source & { readonly kind: 'read' },
  environment: Environment,
  catalogue: readonly Setting[],
): string {
  const setting = catalogue.find(({ path }) => path.every((member, index) => member === mistake.path[index]))
  const inFile = valueAt(source.document.value, mistake.path) !== undefined
  const fromFile = inFile && environment[setting?.variable ?? ''] === undefined
  const at = fromFile ? source.document.lineOf(mistake.path) : undefined
  const names = [
    ...(setting === undefined ? [] : [setting.variable]),
    ...(at === undefined ? [] : [`${source.name} line ${at}`]),
  ]
  const isUnknown = setting === undefined && mistake.message === 'is no setting'
  const known = catalogue.map(({ name }) => name)
  const name = mistake.path.join('.')
  const hint = isUnknown ? didYouMean(name, known) : ''
  return `${name || 'the file'}${names.length > 0 ? ` (${names.join(', ')})` : ''}: ${mistake.message}${hint}`
}

/** The environment as a tenant file's keywords see it: without the server's own settings, which may be secret. */
export function keywordValues(environment: Environment = process.env): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('VALETKEY_')))
}
