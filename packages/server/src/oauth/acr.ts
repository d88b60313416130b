import type { Tenant } from '../domain/tenant.ts'

/**
 * The first of the wanted authentication contexts that a login reached (OpenID Connect Core §2 `acr`), by the tenant's own
 * mapping of contexts to methods; `undefined` when it reached none of them.
 */
export function reachedAcr(
  wanted: readonly string[],
  methods: readonly string[],
  tenant: Tenant,
): string | undefined {
  const contexts = tenant.settings.acrValues ?? []
  return wanted.find((value) =>
    contexts.some(
      (context) => context.value === value && context.methods.every((method) => methods.includes(method)),
    ),
  )
}
