import type { TestContext } from 'node:test'
import { type NodeProcess, startNode } from './node-process.ts'
import type { Settings } from './scene.ts'

/** Two server processes that share one database. */
export type Two = readonly [NodeProcess, NodeProcess]

/** Starts both; they end with the test. */
export async function startTwo(t: Pick<TestContext, 'after'>, settings: Settings): Promise<Two> {
  return [await started(t, settings), await started(t, settings)]
}

/** Sends one request fifty times at once, half of it to each process. */
export function fiftyAtOnce<Got>(
  [first, second]: Two,
  send: (node: NodeProcess) => Promise<Got>,
): Promise<Got[]> {
  return Promise.all(Array.from({ length: 50 }, (_, index) => send(index % 2 === 0 ? first : second)))
}

async function started(t: Pick<TestContext, 'after'>, settings: Settings): Promise<NodeProcess> {
  const node = await startNode(settings)
  t.after(async () => {
    await node.end('SIGKILL')
  })
  return node
}
