import { parseTenantFile, pathText } from '@valetkey/api'
import { hashPassword, verifyPassword } from '../../src/accounts/password.ts'
import type { TenantId } from '../../src/domain/ids.ts'
import { builtIns } from '../../src/oauth/built-ins.ts'
import { createRegistry } from '../../src/oauth/registry.ts'
import { systemRandom } from '../../src/ports/random.ts'
import { createSealer } from '../../src/ports/sealer.ts'
import { openSqlite } from '../../src/stores/sqlite/sqlite.ts'
import { type ApplyReport, applyTenantFile } from '../../src/tenants/apply.ts'
import { ensureTenant } from '../../src/tenants/create-tenant.ts'
import type { KnownNames } from '../../src/tenants/target.ts'

const tenant = 'main' as TenantId

/** A tenant with its defaults in an in-memory SQLite. */
export async function aTarget() {
  const store = openSqlite()
  await store.migrate()
  const time = { now: 1_767_225_600 }
  const ports = {
    clock: { now: () => time.now },
    random: systemRandom,
    sealer: createSealer([new Uint8Array(32).fill(5)], systemRandom),
  }
  await ensureTenant(store, tenant, ports)
  const hashes: string[] = []
  const passwords = {
    hash: async (password: string) => {
      hashes.push(password)
      return hashPassword(password)
    },
    verify: verifyPassword,
  }
  const { tokenFormats, grants, keeps } = createRegistry(builtIns)
  const known: KnownNames = {
    tokenFormats: [...tokenFormats.keys()],
    grantTypes: [...grants.keys()],
    keeps,
    areAll: false,
  }
  const target = { store, tenant, ports, passwords, known }
  const apply = async (document: unknown, options: { readonly dryRun?: boolean } = {}) => {
    time.now += 1
    return applyTenantFile(parseTenantFile(document), target, options)
  }
  return {
    target,
    rows: store.forTenant(tenant),
    settings: async () => (await store.tenants.find(tenant))?.settings,
    /** The passwords that were hashed. */
    hashes,
    async applied(document: unknown, options: { readonly dryRun?: boolean } = {}): Promise<ApplyReport> {
      const result = await apply(document, options)
      if (result.kind === 'applied') return result.report
      throw new Error(result.mistakes.map(({ path, message }) => `${pathText(path)}: ${message}`).join('\n'))
    },
    async mistakes(document: unknown): Promise<readonly string[]> {
      const result = await apply(document)
      if (result.kind === 'applied') throw new Error('the file was applied')
      return result.mistakes.map(({ path, message }) => `${pathText(path)}: ${message}`)
    },
  }
}
