// Finds references to clauses of specifications in text: `RFC 7636 §4.6`, `OpenID Connect Core §5.4 and §11`.

/** One clause of one specification. */
export interface Reference {
  readonly specification: string
  readonly clause: string
}

const SPECIFICATION = [
  'RFC \\d{3,5}',
  '(?:OIDC|OpenID Connect|OpenID)(?: [A-Z][A-Za-z-]+)+(?: \\d\\.\\d)?',
  'OAuth 2\\.\\d(?: [A-Z][A-Za-z-]+)+',
  'FAPI \\d\\.\\d(?: [A-Z][A-Za-z-]+)*',
  'WCAG \\d\\.\\d',
].join('|')
const CLAUSE = '(?:§{1,2} ?[0-9A-Z]+(?:\\.\\d+)*|Appendix [A-Z](?:\\.\\d+)*)'
const REFERENCE = new RegExp(`(${SPECIFICATION}),? (${CLAUSE}(?:(?:,| and| or|, and)? ${CLAUSE})*)`, 'g')

/** All references in a text, as often as they occur; comments may break them over lines. */
export function references(text: string): Reference[] {
  const oneLine = text.replaceAll(/\s*\n\s*(?:\/\/|\*(?!\/))?\s*/g, ' ')
  return [...oneLine.matchAll(REFERENCE)].flatMap(([, name = '', list = '']) =>
    [...list.matchAll(new RegExp(CLAUSE, 'g'))].map(([clause]) => ({
      specification: name.replace(/^OpenID Connect /, 'OIDC '),
      clause: clause.replace(/^§+ ?/, '§'),
    })),
  )
}

/** `RFC 7636 §4.6` */
export function written(reference: Reference): string {
  return `${reference.specification} ${reference.clause}`
}
