import type { Hono } from 'hono'
import { homePage } from '../pages/home.ts'
import { applicationsPath } from './account-applications-routes.ts'
import { frameOf, sendPage } from './render.ts'
import { beginCall, type ServerContext } from './server-context.ts'

/** The page of the bare address, for whoever wonders what is here. */
export function homeRoutes(app: Hono, context: ServerContext): void {
  app.get('/', async (c) => {
    const { tenant } = await beginCall(context)
    const page = homePage({
      ...frameOf(c, tenant),
      applications: applicationsPath,
      discovery: '/.well-known/openid-configuration',
    })
    return sendPage(c, 200, page)
  })
}
