import type { LogInResult } from '../accounts/log-in.ts'

/** Statuses of a login page that says what is wrong. */
export type ProblemStatus = 400 | 403 | 429 | 503

/** The status of a page that shows why nobody was logged in. */
export function statusOfLogin(problem: Exclude<LogInResult['kind'], 'authenticated'>): ProblemStatus {
  if (problem === 'too_many_attempts') return 429
  return problem === 'too_busy' ? 503 : 400
}
