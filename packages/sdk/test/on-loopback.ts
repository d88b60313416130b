import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { TestContext } from 'node:test'

/** Serves on a free port of this machine until the test ends. Gives the origin. */
export async function onLoopback(
  test: Pick<TestContext, 'after'>,
  listener: RequestListener,
): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  test.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}
