import { after, test } from 'node:test'
import { bodyRules } from '../../src/http/parameters.ts'
import { builtIns } from '../../src/oauth/built-ins.ts'
import { endpointRules } from '../../src/oauth/endpoint-rules.ts'
import { createRegistry } from '../../src/oauth/registry.ts'
import { startTestServer } from '../../src/testkit/testkit.ts'
import { matchesGolden } from '../support/golden.ts'

const server = await startTestServer()
after(() => server.close())

async function document(path: string): Promise<unknown> {
  return (await server.fetch(`${server.issuer}.well-known/${path}`)).json()
}

test('the rules of each endpoint stand in the order in which they are checked', () => {
  const rules = { body: bodyRules, ...endpointRules(createRegistry(builtIns)) }
  const sections = Object.entries(rules).map(([endpoint, rules]) =>
    [
      endpoint,
      ...rules.map(({ id, clause, error }) => `  ${id.padEnd(40)} ${error.padEnd(26)} ${clause}`),
    ].join('\n'),
  )
  matchesGolden('endpoint-rules.txt', `${sections.join('\n\n')}\n`)
})

test('the discovery document', async () => {
  const text = JSON.stringify(await document('openid-configuration'), undefined, 2)
  matchesGolden('discovery.json', `${text}\n`)
})

test('the shape of the key set', async () => {
  const { keys } = (await document('jwks.json')) as { keys: Record<string, string>[] }
  const lines = keys.map(({ kty, alg, use, crv, ...rest }) =>
    [kty, alg, use, crv ?? '-', ...Object.keys(rest).sort()].join(' '),
  )
  matchesGolden('jwks.txt', `${lines.join('\n')}\n`)
})
