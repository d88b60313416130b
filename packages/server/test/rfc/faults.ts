// Requests with two faults at once: which of the two is answered says which was looked for first.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { bodyRules } from '../../src/http/parameters.ts'
import { builtIns } from '../../src/oauth/built-ins.ts'
import { endpointRules } from '../../src/oauth/endpoint-rules.ts'
import { createRegistry } from '../../src/oauth/registry.ts'
import type { Rule } from '../../src/oauth/rule.ts'
import type { TestClient, TestServer } from '../../src/testkit/testkit.ts'
import type { Given } from './requests.ts'

/** What is wrong with a request: each part is a change of one that passes. */
export interface Change {
  readonly given?: Given
  readonly headers?: Readonly<Record<string, string>>
  /** Claims of the JWT that the request is about, and members of its header. */
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  /** Members of a JSON document. */
  readonly members?: Readonly<Record<string, unknown>>
  /** Who asks, in the place of the client that may. */
  readonly as?: TestClient
}

export interface Fault extends Change {
  /** The rule that refuses a request with this fault alone. */
  readonly rule: string
}

/** The ids of the golden file's sections, in its order. */
export function ruleOrder(...sections: readonly string[]): readonly string[] {
  const rules: Readonly<Record<string, readonly Rule[]>> = {
    body: bodyRules,
    ...endpointRules(createRegistry(builtIns)),
  }
  return sections.flatMap((section) => {
    const found = rules[section]
    assert.ok(found, `the golden file has no section ${section}`)
    return found.map(({ id }) => id)
  })
}

export interface Endpoint {
  readonly server: TestServer
  /** In which its rules are checked. */
  readonly order: readonly string[]
  /** Sends the request that passes but for the change. */
  send(change: Change): Promise<unknown>
  readonly faults: readonly Fault[]
}

/** Sends each fault alone, then every two that fit into one request: the one of the earlier rule must be answered. */
export async function earlierRuleAnswers(t: TestContext, endpoint: Endpoint): Promise<void> {
  const { server, order, faults, send } = endpoint
  const refusal = async (change: Change) => {
    await send(change)
    return server.lastRefusal()
  }
  for (const fault of faults) {
    assert.ok(order.includes(fault.rule), `${fault.rule} is no rule of this endpoint`)
    assert.equal(await refusal(fault), fault.rule)
  }
  for (const [index, one] of faults.entries())
    for (const other of faults.slice(index + 1)) {
      if (one.rule === other.rule || !fit(one, other)) continue
      const isFirst = order.indexOf(one.rule) < order.indexOf(other.rule)
      const [earlier, later] = isFirst ? [one, other] : [other, one]
      await t.test(`${earlier.rule} before ${later.rule}`, async () => {
        assert.equal(await refusal(together(one, other)), earlier.rule)
      })
    }
}

const parts = ['given', 'headers', 'claims', 'header', 'members'] as const

function fit(one: Change, other: Change): boolean {
  if (one.as !== undefined && other.as !== undefined) return false
  return parts.every((part) => Object.keys(one[part] ?? {}).every((name) => !(name in (other[part] ?? {}))))
}

function together(one: Change, other: Change): Change {
  const as = one.as ?? other.as
  return {
    given: { ...one.given, ...other.given },
    headers: { ...one.headers, ...other.headers },
    claims: { ...one.claims, ...other.claims },
    header: { ...one.header, ...other.header },
    members: { ...one.members, ...other.members },
    ...(as !== undefined && { as }),
  }
}
