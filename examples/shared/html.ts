/** Markup that is safe to send; only `html` makes it. */
export class Html {
  readonly #markup: string

  constructor(literals: TemplateStringsArray, holes: readonly Content[]) {
    this.#markup = literals.map((literal, index) => literal + render(holes[index])).join('')
  }

  toString(): string {
    return this.#markup
  }
}

/** Markup of a library, such as an SVG picture: nothing in it may come from a user. */
export function safe(markup: string): Html {
  const literals: TemplateStringsArray = Object.assign([markup], { raw: [markup] })
  return new Html(literals, [])
}

export type Content = Html | string | number | false | undefined | readonly Content[]

/** Builds markup; strings in it are escaped for text and for quoted attributes. */
export function html(literals: TemplateStringsArray, ...holes: readonly Content[]): Html {
  return new Html(literals, holes)
}

function render(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Html) return content.toString()
  if (typeof content === 'object') return content.map(render).join('')
  return String(content).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
