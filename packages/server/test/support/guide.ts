// Follows a guide as its reader does: applies its tenant files, runs its commands, opens its links, compares the answers.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { resolveConfig } from '../../src/config/config.ts'
import { createServer, type Server } from '../../src/server.ts'
import { testBrowser } from '../../src/testkit/browser.ts'
import { freePort } from '../cli/valetkey.ts'
import { ROOT } from './source-files.ts'

const run = promisify(execFile)
const person = { email: 'grace@example.com', password: 'Nanoseconds-1906' }

interface Step {
  readonly kind: 'yaml' | 'sh' | 'json' | 'ts' | 'person'
  /** Name of the file that a program is kept in. */
  readonly name: string
  readonly text: string
  readonly line: number
}

// ```yaml, ```sh and ```json blocks, ```ts with a file name, and <!-- a person opens URL -->.
const STEP = /^```(yaml|sh|json|ts)(?:[ \t]+([^\n]+))?\n([\s\S]*?)^```$|^<!-- a person opens ([^\n]+) -->$/gm

function stepsOf(markdown: string): readonly Step[] {
  return [...markdown.matchAll(STEP)].flatMap(({ index, 1: kind, 2: name = '', 3: text, 4: link }) => {
    const line = markdown.slice(0, index).split('\n').length
    if (link !== undefined) return [{ kind: 'person' as const, name, text: link, line }]
    const isProgram = kind === 'ts' && name !== ''
    if (name === 'ignore' || (kind === 'ts' && !isProgram)) return []
    return [{ kind: kind as Step['kind'], name, text: text ?? '', line }]
  })
}

/** Does what a guide says, in its order. `path` is relative to the repository. */
export async function followGuide(path: string): Promise<number> {
  const port = await freePort()
  const text = readFileSync(join(ROOT, path), 'utf8').replaceAll('localhost:4400', `localhost:${port}`)
  const time = { ahead: 0 }
  const server = await aServer(port, time)
  // In the workspace, so that programs find their packages.
  const folder = mkdtempSync(join(ROOT, '.doc-blocks-'))
  const steps = stepsOf(text)
  try {
    let output = ''
    for (const step of steps) {
      const place = `${path}:${step.line}`
      if (step.kind === 'yaml') await applies(server, step.text, place)
      else if (step.kind === 'sh') output = await shell(folder, waited(step.text, time), place)
      else if (step.kind === 'ts') writeFileSync(join(folder, step.name), step.text)
      else if (step.kind === 'json') agrees(JSON.parse(output), JSON.parse(step.text), place)
      else await opens(server, folder, step.text, place)
    }
    return steps.length
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await server.close()
  }
}

async function aServer(port: number, time: { readonly ahead: number }): Promise<Server> {
  const resolved = resolveConfig({
    publicUrl: `http://localhost:${port}`,
    listen: { host: '127.0.0.1', port },
    store: { sqlite: { file: ':memory:' } },
    masterKey: randomBytes(32).toString('base64url'),
    log: { level: 'silent' },
  })
  assert.ok(resolved.kind === 'resolved', JSON.stringify(resolved))
  const clock = { now: () => Math.floor(Date.now() / 1000) + time.ahead }
  const server = await createServer(resolved.config, { ports: { clock } })
  await server.listen()
  return server
}

async function applies(server: Server, text: string, place: string): Promise<void> {
  const applied = await server.apply(parse(text))
  assert.ok(applied.kind === 'applied', `${place}: ${JSON.stringify(applied)}`)
  assert.deepEqual(applied.report.warnings, [], place)
}

/** Seconds are waited by moving the clock of the server. */
function waited(text: string, time: { ahead: number }): string {
  return text.replaceAll(/^sleep (\d+).*$/gm, (_, seconds) => {
    time.ahead += Number(seconds)
    return ''
  })
}

/** Variables of one block are there in the next. */
async function shell(folder: string, text: string, place: string): Promise<string> {
  const script = `source ./variables 2>/dev/null\nset -e -o pipefail\n${text}\ndeclare -p > ./variables`
  const env = { PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}` }
  const ran = await run('bash', ['--norc', '-c', script], { cwd: folder, env }).catch((error) => error)
  assert.ok(!(ran instanceof Error), `${place}: ${ran.stdout}${ran.stderr}`)
  return ran.stdout
}

/** Logs in and allows what is asked; `$code` and `$answer_url` are what the application would get. */
async function opens(server: Server, folder: string, link: string, place: string): Promise<void> {
  const url = (await shell(folder, `echo "${link}"`, place)).trim()
  const browser = testBrowser(server)
  let shown = await browser.open(url)
  const at = (page: string) => new URL(shown.url).pathname === page
  if (at('/activate')) shown = await browser.submit(shown, { ...codeIn(url), action: 'continue' })
  if (at('/u/login')) shown = await browser.logIn(shown, person)
  if (at('/u/consent')) shown = await browser.allow(shown)
  const { href = '', searchParams } = shown.leftTo?.url ?? new URL(shown.url)
  await shell(folder, `code='${searchParams.get('code') ?? ''}'; answer_url='${href}'`, place)
}

function codeIn(url: string) {
  return { user_code: new URL(url).searchParams.get('user_code') ?? '' }
}

/** `…` in a text stands for anything. */
function agrees(actual: unknown, expected: unknown, place: string): void {
  assert.deepEqual(filled(actual, expected), expected, place)
}

function filled(actual: unknown, expected: unknown): unknown {
  if (typeof expected === 'string' && typeof actual === 'string') {
    const parts = expected.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(actual) ? expected : actual
  }
  if (typeof expected === 'number' && typeof actual === 'number')
    return isAlike(actual, expected) ? expected : actual
  if (Array.isArray(actual) && Array.isArray(expected))
    return actual.map((item, index) => filled(item, expected[index]))
  if (!isGroup(actual) || !isGroup(expected)) return actual
  return Object.fromEntries(
    Object.entries(actual).map(([name, value]) => [name, filled(value, expected[name])]),
  )
}

/** Points in time are alike, and lifetimes that a few seconds of work took from. */
function isAlike(actual: number, expected: number): boolean {
  if (expected > 1_600_000_000) return actual > 1_600_000_000
  return expected > 1000 && expected - actual >= 0 && expected - actual < 60
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
