import type { Context } from 'hono'
import { header } from './header.ts'

/**
 * Whether somebody goes to a page with this request, by what browsers tell (W3C Fetch Metadata §2): no image, frame or fetch of
 * another page. Those that tell nothing are believed.
 */
export function isNavigation(c: Context): boolean {
  const [dest, mode, site] = ['dest', 'mode', 'site'].map((what) => header(c, `sec-fetch-${what}`))
  if (dest !== undefined && dest !== 'document') return false
  return site !== 'cross-site' || mode === undefined || mode === 'navigate'
}
