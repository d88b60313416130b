// Makes bad input: every way in which a parameter, a body or a header can be broken. Knows no endpoint.
import assert from 'node:assert/strict'
import fc from 'fast-check'

/** In every hostile value that is text, so that an echo of it is found. */
export const marker = 'zq7marker'

/** How one parameter of a form or a query may be spelled: encoded pairs, as they stand on the wire. */
export type Spelling = (name: string) => readonly string[]

const encoded =
  (value: string): Spelling =>
  (name) => [`${name}=${encodeURIComponent(value)}`]
const raw =
  (value: string): Spelling =>
  (name) => [`${name}=${value}`]

/** Text that tries every special character. */
const hostileText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }).map((text) => `${marker}${text}`),
  fc.constantFrom(
    `${marker}"><script>alert(1)</script>`,
    `${marker}\r\nset-cookie: a=b`,
    `${marker}\\"'`,
    `${marker}\u202e\u200b\ufeff`,
    `${marker}' or '1'='1`,
    `https://${marker}.evil.test/#@x`,
    `${marker} %s %n {{7*7}} \${7*7}`,
    '__proto__',
    'constructor',
    '-1',
    '9'.repeat(400),
  ),
)

/** A parameter in every state: missing, empty, doubled, over-long, not UTF-8, with NUL or control characters. */
function spelling(valid: string | undefined): fc.Arbitrary<Spelling> {
  const good = valid === undefined ? (): readonly string[] => [] : encoded(valid)
  const twice: Spelling = (name) => [...encoded(valid ?? marker)(name), ...encoded(valid ?? marker)(name)]
  const different: Spelling = (name) => [...encoded(valid ?? 'x')(name), ...encoded(marker)(name)]
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant<Spelling>(good) },
    { weight: 1, arbitrary: fc.constant<Spelling>(() => []) },
    { weight: 1, arbitrary: fc.constantFrom<Spelling>(raw(''), (name) => [name], twice, different) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(4097, 33_000).map((length) => encoded(marker.padEnd(length, 'x'))),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(
          '%ff',
          '%C3%28',
          '%',
          '%z',
          '%u0041',
          '%ED%A0%80',
          '%F4%90%80%80',
          '%C0%80',
          '%00',
          '%0',
          '+%0A',
        )
        .map((broken) => raw(`${marker}${broken}`)),
    },
    {
      weight: 1,
      arbitrary: fc
        .integer({ min: 0, max: 31 })
        .map((code) => encoded(`${marker}${String.fromCharCode(code)}`)),
    },
    { weight: 2, arbitrary: hostileText.map(encoded) },
  )
}

/** The parameters of a form or query, each in any state and in any order; `valid` says which values pass. */
export function hostileForm(valid: Readonly<Record<string, string | undefined>>): fc.Arbitrary<string> {
  const names = Object.keys(valid)
  return fc
    .tuple(
      fc.tuple(...names.map((name) => spelling(valid[name]))),
      fc.shuffledSubarray(names, { minLength: 0 }),
    )
    .map(([spellings, order]) => {
      const pairs = new Map(names.map((name, index) => [name, spellings[index]?.(name) ?? []]))
      const rest = names.filter((name) => !order.includes(name))
      return [...order, ...rest].flatMap((name) => pairs.get(name) ?? []).join('&')
    })
}

/** The members of a JSON body, each valid or of any type, with lone surrogates, NUL and `__proto__`. */
export function hostileJson(valid: Readonly<Record<string, string | undefined>>): fc.Arbitrary<string> {
  const wrong = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
    fc.constantFrom(
      '"\\ud800"',
      `"${marker}\\u0000"`,
      '1e400',
      '["a","b"]',
      '[["a"]]',
      '{"__proto__":{"admin":true}}',
      '{"toString":1}',
      'true',
      'null',
    ),
    hostileText.map((text) => JSON.stringify(text)),
  )
  const members = Object.entries(valid).map(([name, value]) =>
    fc
      .oneof(
        { weight: 10, arbitrary: fc.constant(value === undefined ? undefined : JSON.stringify(value)) },
        { weight: 1, arbitrary: wrong },
        { weight: 1, arbitrary: fc.constant(undefined) },
      )
      .map((json) => (json === undefined ? [] : [`${JSON.stringify(name)}:${json}`])),
  )
  const extra = fc.constantFrom('', ',"__proto__":{"grant_type":"x"}', ',"constructor":1', ',"":""')
  return fc.tuple(fc.tuple(...members), extra).map(
    ([pairs, more]) =>
      `{"x":1${pairs
        .flat()
        .map((pair) => `,${pair}`)
        .join('')}${more}}`,
  )
}

/** A body of any bytes under any content type. */
export const hostileBody = fc.record({
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .constantFrom(
        'grant_type=\xff',
        '{"grant_type":"\xc3\x28"}',
        '{',
        '[]',
        '"',
        'null',
        '{"a":1,}',
        '&&==&=&%',
      )
      .map((text) => Uint8Array.from(Buffer.from(text, 'latin1'))),
    fc.constantFrom(70_000, 200_000).map((length) => new Uint8Array(length).fill(0x61)),
  ),
  type: fc.constantFrom(
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=iso-8859-1',
    'application/json',
    'application/json; charset=utf-16',
    'multipart/form-data',
    'text/plain',
    '',
    ';',
    'application/json, text/html',
  ),
})

/** Values of the Authorization header: garbage, enormous, beyond ASCII; a header cannot hold more than Latin-1. */
export const hostileAuthorization = fc.oneof(
  fc.constantFrom(
    'Basic',
    'Basic ',
    'Basic =',
    'Basic ====',
    'basic YTpi',
    'Basic YTpi YTpi',
    `Basic ${'A'.repeat(100_000)}`,
    `Basic ${Buffer.from(`${'a'.repeat(20_000)}:${'b'.repeat(20_000)}`).toString('base64')}`,
    `Basic ${Buffer.from('%00:%ff').toString('base64')}`,
    'Bearer',
    'Bearer  ',
    `Bearer ${'a.'.repeat(30_000)}`,
    'Bearer a.b.c',
    `Bearer ${btoa('{"alg":"RS256","kid":{}}')}.e30.x`,
    `Bearer ${btoa('{"alg":"none"}')}.e30.`,
    `Bearer ${btoa('{"alg":"RS256","kid":"x","crit":["b64"],"b64":false}')}.e30.x`,
    'Bearer null',
    'Negotiate oRswGaADCgEA',
    'caf\xe9 \xff',
  ),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => `Basic ${Buffer.from(bytes).toString('base64')}`),
  fc.uint8Array({ maxLength: 60 }).map(
    (bytes) =>
      `Bearer ${Buffer.from(bytes)
        .toString('latin1')
        .replaceAll(/[^\x20-\x7e\x80-\xff]/g, 'x')}`,
  ),
)

// RFC 6749 §5.2.
const descriptionCharacters = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/

/** What every error must keep: a known code, a description of allowed characters, and no echo. */
export function assertCleanError(error: unknown, description: unknown, allowed: readonly string[]): void {
  assert.ok(allowed.includes(String(error)), `error is ${error}`)
  assert.match(String(description), descriptionCharacters)
  assert.ok(!String(description).includes(marker), `echo: ${description}`)
}
