// The guides quote the examples word for word, and their programs start.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = new URL('../../', import.meta.url)
const guides = ['add-a-grant', 'add-a-response-mode', 'add-a-client-authentication', 'add-a-token-format']
const textOf = (guide: string) => readFileSync(new URL(`docs/guides/${guide}.md`, root), 'utf8')

for (const guide of guides) {
  test(`${guide} quotes its example as it is`, () => {
    const quotes = [...textOf(guide).matchAll(/^```ts ignore (examples\/\S+)\n([\s\S]*?)^```$/gm)]
    assert.ok(quotes.length > 0)
    for (const [, path = '', quoted = ''] of quotes)
      assert.ok(
        readFileSync(new URL(path, root), 'utf8').includes(quoted),
        `${path} has no such lines:\n${quoted}`,
      )
  })
}

// In the workspace, so that imports resolve as in a package of it.
const folder = mkdtempSync(join(fileURLToPath(root), '.doc-blocks-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the program of a guide. */
async function myServer(guide: string, args: readonly string[], tenantFile: string) {
  const [, program = ''] = /^```ts ignore my-server\.ts\n([\s\S]*?)^```$/m.exec(textOf(guide)) ?? []
  const file = join(folder, `${guide}.ts`)
  writeFileSync(file, program.replaceAll("from './", "from '../examples/extensions/"))
  const tenant = join(folder, `${guide}.yaml`)
  writeFileSync(tenant, tenantFile)
  const environment = {
    PATH: process.env.PATH,
    VALETKEY_DATA_DIRECTORY: join(folder, guide),
    SWT_KEY: Buffer.alloc(32, 1).toString('base64'),
  }
  const run = promisify(execFile)(process.execPath, [file, ...args, tenant], { env: environment })
  return run.catch((failed: { readonly stdout: string; readonly stderr: string }) => failed)
}

const tenantFiles: Readonly<Record<string, string>> = {
  'add-a-grant': 'clients:\n  - name: App\n    grant_types: [https://valetkey.example/grant-type/otp]\n',
  'add-a-response-mode': 'clients:\n  - name: App\n',
  'add-a-client-authentication':
    'clients:\n  - name: App\n    token_endpoint_auth_method: https://valetkey.example/client-auth/signed-request\n',
  'add-a-token-format':
    'resourceServers:\n  - identifier: https://api.example/\n    valetkey: { token_format: swt }\n',
}
for (const guide of guides) {
  test(`the program of ${guide} applies a tenant file that names its extension`, async () => {
    const { stdout, stderr } = await myServer(guide, ['apply'], tenantFiles[guide] ?? '')
    assert.equal(stderr, '')
    assert.match(stdout, /^1 entry created, 0 updated, 0 unchanged$/m)
  })
}
