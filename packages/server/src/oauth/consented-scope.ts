import type { Consent } from '../domain/consent.ts'

/**
 * Of the scopes those that a client may have where its owner is not asked: nothing that the owner left out, and where the
 * owner `mustHaveAllowed` it, as of a third party, nothing else than that (RFC 6749 §3.3).
 */
export function consentedScope(
  scope: readonly string[],
  consent: Consent | undefined,
  mustHaveAllowed: boolean,
): readonly string[] {
  const { granted = [], declined = [] } = consent ?? {}
  return scope.filter((value) => (mustHaveAllowed ? granted.includes(value) : !declined.includes(value)))
}
