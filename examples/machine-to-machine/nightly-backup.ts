// The job: it copies the address book into a file, with a token that it asks for in its own name. No user, no refresh token.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { discover, type Registration } from '@valetkey-examples/shared/code-flow'
import * as oidc from 'openid-client'

export interface BackupOptions extends Registration {
  readonly audience: string
  readonly apiUrl: string
  readonly folder: string
}

export interface Backup {
  readonly file: string
  readonly contacts: number
}

/** Runs once. Throws when the token or the API refuses it: a job that fails must be noticed. */
export async function backUp(options: BackupOptions): Promise<Backup> {
  const server = await discover(options)
  const tokens = await oidc.clientCredentialsGrant(server, {
    audience: options.audience,
    scope: 'read:contacts',
  })
  const response = await fetch(`${options.apiUrl}/contacts`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  if (!response.ok) throw new Error(`the API answered ${response.status}`)
  const { contacts } = (await response.json()) as { readonly contacts: readonly unknown[] }
  await mkdir(options.folder, { recursive: true })
  const file = join(options.folder, `contacts-${new Date().toISOString().slice(0, 10)}.json`)
  await writeFile(file, JSON.stringify(contacts, null, 2))
  return { file, contacts: contacts.length }
}

/** Runs the job every night at three o'clock, until the answered function is called. */
export function everyNight(job: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined
  const wait = () => {
    const [now, next] = [new Date(), new Date()]
    next.setHours(3, 0, 0, 0)
    if (next <= now) next.setDate(next.getDate() + 1)
    timer = setTimeout(() => void job().finally(wait), next.getTime() - now.getTime())
  }
  wait()
  return () => clearTimeout(timer)
}
