import { Session } from 'node:inspector/promises'

/** Gives back what starting needed and running does not: a sixth of the memory of an idle server. Stops the process for some 30 ms. */
export async function collectGarbage(): Promise<void> {
  const session = new Session()
  session.connect()
  try {
    await session.post('HeapProfiler.collectGarbage')
  } finally {
    session.disconnect()
  }
}
