// Owns Apache with mod_auth_openidc, a client written in C, in front of an application of the test.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import type { ApacheProgram } from './apache-install.ts'
import { onLoopback } from './scene.ts'

type Until = Pick<TestContext, 'after'>

export interface ApacheSite {
  readonly program: ApacheProgram
  readonly port: number
  /** Directives of mod_auth_openidc. */
  readonly directives: readonly string[]
}

/** A port that was free a moment ago: Apache cannot choose one itself. */
export async function portForApache(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}

/** Runs Apache until the test ends. It hands what it knows of the user on to an application that answers its headers. */
export async function startApache(t: Until, site: ApacheSite): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'valetkey-apache-'))
  const upstream = await onLoopback(t, ({ headers }, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(headers))
  })
  const file = join(folder, 'apache.conf')
  await writeFile(file, configuration(site, folder, upstream))
  const apache = spawn(site.program.executable, ['-DFOREGROUND', '-f', file], {
    env: { ...process.env, ...site.program.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(apache, 'exit')
  t.after(async () => {
    apache.kill('SIGTERM')
    await exited
    await rm(folder, { recursive: true, force: true })
  })
  const said: string[] = []
  for await (const line of createInterface(apache.stdout)) {
    said.push(line)
    if (line.includes('resuming normal operations')) break
  }
  assert.ok(
    said.some((line) => line.includes('resuming normal operations')),
    said.join('\n'),
  )
  apache.stdout.resume()
}

const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc', 'proxy', 'proxy_http']

function configuration({ program, port, directives }: ApacheSite, folder: string, upstream: number): string {
  return [
    `ServerRoot "${folder}"`,
    'ServerName localhost',
    `Listen 127.0.0.1:${port}`,
    `PidFile "${folder}/pid"`,
    `DefaultRuntimeDir "${folder}"`,
    'ErrorLog "|/bin/cat"',
    ...modules.map((name) => `LoadModule ${name}_module "${program.modules}/mod_${name}.so"`),
    // Nobody: without a name that some machine might not have. It counts only where root starts Apache.
    'User "#65534"',
    'Group "#65534"',
    ...directives,
    'ProxyPass /callback !',
    `ProxyPass / http://127.0.0.1:${upstream}/`,
    '<Location />',
    'AuthType openid-connect',
    'Require valid-user',
    '</Location>',
    '<Location /goodbye>',
    'AuthType none',
    'Require all granted',
    '</Location>',
    '',
  ].join('\n')
}
