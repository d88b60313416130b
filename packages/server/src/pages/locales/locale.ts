/** The languages of the pages, in the canonical case of BCP 47; published as `ui_locales_supported`. */
export const locales = ['en', 'de', 'fr', 'es', 'pt-BR', 'ja'] as const

export type Locale = (typeof locales)[number]

const defaultLocale: Locale = 'en'

/** What a lookup may end at. `pt` has no page of its own and is better served in Brazilian Portuguese than in English. */
const byTag: ReadonlyMap<string, Locale> = new Map([
  ...locales.map((locale) => [locale.toLowerCase(), locale] as const),
  ['pt', 'pt-BR'] as const,
])

/**
 * The language of a page: the first match for `ui_locales` (OpenID Connect Core §3.1.2.1, in order of preference), then
 * for the `Accept-Language` header by weight, then English. Malformed input never fails: it matches nothing.
 */
export function chooseLocale(uiLocales: string | undefined, acceptLanguage: string | undefined): Locale {
  const ranges = [...(uiLocales ?? '').split(' '), ...weightedRanges(acceptLanguage ?? '')]
  for (const range of ranges) {
    const locale = lookUp(range)
    if (locale) return locale
  }
  return defaultLocale
}

/** RFC 4647 §3.4: drop subtags from the end until a tag matches, and never end at a single character. */
function lookUp(range: string): Locale | undefined {
  const subtags = range.trim().toLowerCase().split('-').slice(0, 8)
  while (subtags.length > 0) {
    const locale = byTag.get(subtags.join('-'))
    if (locale) return locale
    subtags.pop()
    if (subtags.at(-1)?.length === 1) subtags.pop()
  }
  return undefined
}

/** RFC 9110 §12.5.4: the heaviest first, the order of the header among equals; a weight of zero means "not this". */
function weightedRanges(header: string): readonly string[] {
  const ranges = header.split(',').map((item) => {
    const [range = '', ...parameters] = item.split(';').map((part) => part.trim())
    const weight = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2)
    return { range, weight: weight === undefined ? 1 : Number(weight) }
  })
  return ranges
    .filter(({ weight }) => weight > 0 && weight <= 1)
    .sort((one, other) => other.weight - one.weight)
    .map(({ range }) => range)
}
