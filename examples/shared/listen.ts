import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { failOnPort, type Running } from './valetkey.ts'

/** Serves an application on a port of this computer. */
export async function listen(app: Hono, port: number): Promise<Running> {
  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' })
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject)).catch(
    failOnPort,
  )
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
