// Reads the two pages that carry an authorization response, as a browser would.

/** The page's form, with its fields; `undefined` where it has none that posts somewhere else. */
export function formIn(page: string) {
  const [, form = '', inside = ''] = /(<form[^>]*>)([\s\S]*?)<\/form>/.exec(page) ?? []
  const action = attribute(form, 'action')
  if (action === undefined) return undefined
  const inputs = inside.match(/<input[^>]*>/g) ?? []
  const fields = inputs.map((input) => [attribute(input, 'name') ?? '', attribute(input, 'value') ?? ''])
  return { action, method: attribute(form, 'method'), fields: new URLSearchParams(fields) }
}

/** What a web_message page hands over, and to whom; `undefined` where it is another page. */
export function messageIn(page: string) {
  const [body = ''] = /<body[^>]*>/.exec(page) ?? []
  const response = attribute(body, 'data-response')
  if (response === undefined) return undefined
  const uri = attribute(body, 'data-relay-uri') ?? ''
  return {
    response: JSON.parse(response),
    origin: attribute(body, 'data-origin'),
    ...(uri !== '' && { relay: { uri, target: attribute(body, 'data-relay-target') } }),
  }
}

function attribute(tag: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(tag) ?? []
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
