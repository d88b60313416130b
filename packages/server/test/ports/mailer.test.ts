import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { outboxMailer } from '../../src/ports/mailer.ts'
import { systemRandom } from '../../src/ports/random.ts'

const root = mkdtempSync(join(tmpdir(), 'valetkey-mail-'))
after(() => rmSync(root, { recursive: true }))

const clock = { now: () => 1_767_225_600 }

test('the outbox keeps each mail in a file that only its owner can read', async () => {
  const directory = join(root, 'outbox')
  const mailer = outboxMailer({
    directory,
    from: 'Valetkey <no-reply@localhost>',
    clock,
    random: systemRandom,
  })
  await mailer.send({ to: 'ada@example.com', subject: 'Grüße', text: 'line 1\nline 2' })
  await mailer.send({ to: 'bob@example.com', subject: 'b', text: 'b' })
  const names = readdirSync(directory)
  assert.equal(names.length, 2)
  const mails = names.map((name) => readFileSync(join(directory, name), 'utf8'))
  const [mail] = mails.filter((text) => text.includes('ada@example.com'))
  assert.equal(
    mail,
    [
      'From: Valetkey <no-reply@localhost>',
      'To: ada@example.com',
      'Subject: Grüße',
      'Date: Thu, 01 Jan 2026 00:00:00 GMT',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      'line 1\r\nline 2\r\n',
    ].join('\r\n'),
  )
  for (const name of names) assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600)
  assert.equal(statSync(directory).mode & 0o777, 0o700)
})

test('RFC 5322 §2.2: a line break in a recipient or a subject begins no header', async () => {
  const directory = join(root, 'injected')
  const mailer = outboxMailer({ directory, from: 'a@b', clock, random: systemRandom })
  await mailer.send({ to: 'a@b\r\nBcc: c@d', subject: 'x\nY: z', text: 'text' })
  const mail = readFileSync(join(directory, readdirSync(directory)[0] ?? ''), 'utf8')
  assert.doesNotMatch(mail, /^(Bcc|Y):/m)
})
