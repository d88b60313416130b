// Escaping by default: text becomes markup in this file and nowhere else.

/** Markup that is safe to send. Only `html` makes it, so a plain string can never pass for it. */
class SafeHtml {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }

  static is(value: unknown): value is SafeHtml {
    return typeof value === 'object' && value !== null && #markup in value
  }
}

export type Html = SafeHtml

/** What may stand in a hole of `html`. `undefined` and `false` render nothing, so `condition && html\`…\`` works. */
export type Content = Html | string | number | false | undefined | readonly Content[]

/**
 * Builds markup from a template. Strings are escaped for text and for quoted attributes; `Html` and arrays of it are
 * inserted as they are. Attributes must be quoted, and links and image sources go through `safeUrl`.
 */
export function html(literals: TemplateStringsArray, ...holes: readonly Content[]): Html {
  let markup = literals[0] ?? ''
  for (const [index, hole] of holes.entries()) markup += render(hole) + (literals[index + 1] ?? '')
  return new SafeHtml(markup)
}

/** The URL when its scheme is http or https, else `#`: nothing else may become a link or an image (`javascript:`, `data:`). */
export function safeUrl(url: string): string {
  const parsed = URL.parse(url)
  return parsed?.protocol === 'https:' || parsed?.protocol === 'http:' ? parsed.href : '#'
}

function render(content: Content): string {
  if (content === undefined || content === false) return ''
  if (typeof content === 'string') return escapeText(content)
  if (typeof content === 'number') return String(content)
  if (SafeHtml.is(content)) return content.toString()
  return content.map(render).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/** One of our own constant scripts. Its hash must stand in the page's Content Security Policy; text of a request never comes here. */
export function inlineScript(constant: string): Html {
  return new SafeHtml(`<script>${constant}</script>`)
}
