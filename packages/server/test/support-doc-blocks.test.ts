import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { tenantFileReference } from '@valetkey/api/reference'
import { checkDocBlocks, docBlocks } from '../../../scripts/doc-blocks.ts'
import { reference } from '../src/config/reference.ts'
import { ROOT } from './support/source-files.ts'

const markdown = [
  '# Title',
  '```ts',
  "import { test } from 'node:test'",
  'test(42)',
  '```',
  '```ts ignore',
  'not(a, module',
  '```',
  '```tsx',
  '```',
  '- a list',
  '',
  '```ts',
  'export const answer: string = `',
  '`',
  '```',
  '',
].join('\n')

test('the blocks of a document are found with the line of their first line', () => {
  assert.deepEqual(docBlocks(markdown), [
    { line: 3, code: "import { test } from 'node:test'\ntest(42)\n" },
    { line: 14, code: 'export const answer: string = `\n`\n' },
  ])
})

test('an error is reported at its place in the document', async () => {
  const problems = await checkDocBlocks(new Map([['docs/guides/invented.md', markdown]]))
  assert.equal(problems.length > 0, true)
  assert.match(problems[0] ?? '', /^docs\/guides\/invented\.md:4:6: error TS2769/)
})

test('a block is checked with the packages of the workspace and with the strictness of the repository', async () => {
  const code =
    "import { startTestServer } from 'valetkey/testkit'\nexport const start: typeof startTestServer = startTestServer\n"
  const strict = 'export const first: string = [1][0]\n'
  const document = (text: string) => new Map([['README.md', `\`\`\`ts\n${text}\`\`\`\n`]])
  assert.deepEqual(await checkDocBlocks(document(code)), [])
  assert.match((await checkDocBlocks(document(strict)))[0] ?? '', /^README\.md:2:14: error TS2322/)
})

test('the guide to the settings is the one that the schema makes', () => {
  // npm run valetkey -- config --reference
  assert.equal(readFileSync(join(ROOT, 'docs/guides/configuration.md'), 'utf8'), reference())
})

test('the guide to the tenant file is the one that its schema makes', () => {
  // npm run valetkey -- apply --reference
  const guide = readFileSync(join(ROOT, 'docs/guides/tenant-file.md'), 'utf8')
  assert.equal(guide, tenantFileReference())
})

test('every link of a document to a file of the repository leads to one', () => {
  const documents = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md'], { cwd: ROOT })
  const broken = documents.flatMap((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8')
    return [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(ROOT, dirname(path), target)))
      .map((target) => `${path} links to ${target}`)
  })
  assert.ok(documents.length > 0)
  assert.deepEqual(broken, [])
})
