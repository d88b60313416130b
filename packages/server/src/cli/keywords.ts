import type { Environment } from '../config/load.ts'

export interface Replaced {
  readonly text: string
  /** Keywords without a value, and their lines. */
  readonly missing: readonly { readonly line: number; readonly name: string }[]
}

const keyword = /(["']?)@@(\w+)@@\1|##(\w+)##/g
const comment = /^\s*#(?!#\w+##)/

/**
 * Puts values of the environment in the place of deploy-cli's keywords: `##NAME##` becomes the text itself and `@@NAME@@` a
 * quoted string, or the JSON list or object that the variable holds. Comments stay as they are.
 */
export function replaceKeywords(text: string, environment: Environment): Replaced {
  const missing: { line: number; name: string }[] = []
  const lines = text.split('\n').map((line, index) => {
    if (comment.test(line)) return line
    return line.replace(keyword, (whole, _quote, json: string | undefined, plain: string | undefined) => {
      const value = environment[json ?? plain ?? '']
      if (value !== undefined) return json === undefined ? value : asJson(value)
      missing.push({ line: index + 1, name: json ?? plain ?? '' })
      return whole
    })
  })
  return { text: lines.join('\n'), missing }
}

function asJson(value: string): string {
  return /^\s*[[{]/.test(value) ? value : JSON.stringify(value)
}
