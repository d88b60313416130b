import assert from 'node:assert/strict'

export interface Tag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

const voidElements = new Set(['meta', 'link', 'input', 'img', 'br', '!doctype'])

/**
 * Reads a page as strictly as our own templates write it, and throws on anything else: an unquoted attribute, a stray
 * bracket, an element that is not closed. An injection that gets through cannot hide from such a reader.
 */
export function tagsOf(page: string): readonly Tag[] {
  const open: string[] = []
  const tags: Tag[] = []
  const text = page.replace(/<(\/?)([a-z0-9!]+)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>/gi, (...match) => {
    const [slash, name, attributes] = [match[1], String(match[2]).toLowerCase(), String(match[3])]
    if (slash) assert.equal(open.pop(), name, `</${name}> closes something else`)
    else {
      if (!voidElements.has(name)) open.push(name)
      tags.push({ name, attributes: attributesOf(attributes) })
    }
    return ''
  })
  assert.doesNotMatch(text, /[<>]/, 'a bracket outside every tag')
  assert.deepEqual(open, [], 'elements left open')
  return tags
}

/** The attribute of each tag that has it. */
export function valuesOf(tags: readonly Tag[], attribute: string): readonly string[] {
  return tags.flatMap((tag) => tag.attributes.get(attribute) ?? [])
}

export function visibleText(page: string): string {
  return page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}

function attributesOf(source: string): ReadonlyMap<string, string> {
  const pairs = [...source.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)]
  assert.equal(new Set(pairs.map(([, name]) => name)).size, pairs.length, `attribute given twice: ${source}`)
  return new Map(pairs.map(([, name = '', value = '']) => [name.toLowerCase(), value]))
}
