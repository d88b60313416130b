import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { smtpMailer } from '../../src/ports/smtp-mailer.ts'

/** As much of an SMTP server as one mail needs (RFC 5321), without TLS. */
async function anSmtpServer() {
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let inData = false
    socket.write('220 test\r\n')
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of chunk.split('\r\n').slice(0, -1)) {
        lines.push(line)
        if (inData && line !== '.') continue
        inData = line === 'DATA'
        if (line === 'STARTTLS') socket.write('502 no TLS\r\n')
        else socket.write(inData ? '354 go\r\n' : '250 ok\r\n')
      }
    })
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { lines, port: (server.address() as AddressInfo).port, close }
}

test('mail goes through the SMTP server with sender, recipient and text', async () => {
  const server = await anSmtpServer()
  const mailer = smtpMailer(`smtp://127.0.0.1:${server.port}`, 'Example <no-reply@example.com>')
  await mailer.send({ to: 'ada@example.com', subject: 'Hello', text: 'the text' })
  server.close()
  assert.ok(server.lines.includes('MAIL FROM:<no-reply@example.com>'))
  assert.ok(server.lines.includes('RCPT TO:<ada@example.com>'))
  assert.ok(server.lines.includes('Subject: Hello'))
  assert.ok(server.lines.includes('the text'))
})

test('a line break in a recipient or a subject begins no header and no command', async () => {
  const server = await anSmtpServer()
  const mailer = smtpMailer(`smtp://127.0.0.1:${server.port}`, 'no-reply@example.com')
  await mailer
    .send({
      to: 'ada@example.com>\r\nRCPT TO:<eve@example.com',
      subject: 'x\r\nBcc: eve@example.com',
      text: 'x',
    })
    .catch(() => undefined)
  server.close()
  assert.ok(!server.lines.some((line) => /^(bcc:|rcpt to:<eve)/i.test(line)))
})

test('RFC 3207 §4: a server elsewhere that offers no TLS gets no mail', async () => {
  const server = await anSmtpServer()
  // The same machine under another name of its own, to stand for another machine.
  const mailer = smtpMailer(`smtp://0.0.0.0:${server.port}`, 'no-reply@example.com')
  await assert.rejects(mailer.send({ to: 'ada@example.com', subject: 'x', text: 'x' }))
  assert.ok(!server.lines.some((line) => line.startsWith('MAIL')))
  server.close()
})
