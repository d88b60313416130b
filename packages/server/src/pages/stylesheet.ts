import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { TenantSettings } from '../domain/tenant.ts'
import { inkOn, isDark, parseColor, readableOn, toHex } from './colors.ts'

export interface Stylesheet {
  /** Path on the tenant's host. It changes with the content, so the answer may be cached for ever. */
  readonly path: string
  readonly body: string
  readonly contentType: 'text/css; charset=utf-8'
}

/** Every stylesheet lives in this folder. */
export const stylesheetFolder = '/u/style/'

const shared = readFileSync(new URL('./pages.css', import.meta.url), 'utf8')
const sharedHash = createHash('sha256').update(shared).digest('hex')

const racingGreen = [11, 93, 75] as const
const mist = [233, 239, 236] as const
const night = [13, 19, 17] as const
/** What coloured text may stand on: `--tint` in pages.css, where it has less contrast than on `--sheet`. */
const tint = { light: [242, 246, 244], dark: [32, 43, 39] } as const

/**
 * The pages' stylesheet in a tenant's colours. The colours travel in a file because the pages' Content Security Policy
 * allows no inline style. Whatever a tenant chooses, text keeps a contrast of 4.5 (WCAG 2.2 §1.4.3).
 */
export function stylesheet(colors: TenantSettings['colors']): Stylesheet {
  const own = tenantColors(colors)
  return { path: pathOf(own), body: `${own}\n${shared}`, contentType: 'text/css; charset=utf-8' }
}

/** Only the path, for the link in a page. */
export function stylesheetPath(colors: TenantSettings['colors']): string {
  return pathOf(tenantColors(colors))
}

function pathOf(own: string): string {
  const hash = createHash('sha256').update(sharedHash).update(own).digest('hex')
  return `${stylesheetFolder}${hash.slice(0, 20)}.css`
}

function tenantColors(colors: TenantSettings['colors']): string {
  const primary = parseColor(colors.primary) ?? racingGreen
  const page = parseColor(colors.pageBackground) ?? mist
  const darkPage = isDark(page) ? page : night
  const scheme = (background: typeof page, paper: typeof page): string =>
    [
      `--primary:${toHex(primary)}`,
      `--on-primary:${toHex(inkOn(primary))}`,
      `--primary-text:${toHex(readableOn(paper, primary, 4.5))}`,
      `--page:${toHex(background)}`,
      `--on-page:${toHex(inkOn(background))}`,
    ].join(';')
  return `:root{${scheme(page, tint.light)}}@media (prefers-color-scheme:dark){:root{${scheme(darkPage, tint.dark)}}}`
}
