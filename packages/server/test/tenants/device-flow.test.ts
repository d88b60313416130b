import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aTarget } from './a-target.ts'

test('device_flow says what user codes look like, and stays until it is said again', async () => {
  const { applied, settings } = await aTarget()
  const given = { device_flow: { charset: 'digits', mask: '***-***-***' } }
  await applied({ tenant: { ...given, valetkey: { device_code_lifetime: 300 } } })
  const stored = await settings()
  assert.deepEqual(
    [stored?.deviceFlow, stored?.deviceCodeLifetimeSeconds],
    [{ charset: 'digits', mask: '***-***-***' }, 300],
  )
  const again = await applied({ tenant: { friendly_name: 'Valetkey' } })
  assert.deepEqual(again.updated, [])
  assert.deepEqual((await settings())?.deviceFlow, given.device_flow)
})

test('what device_flow leaves out is usual', async (t) => {
  const rows = [
    { name: 'nothing', given: {}, expected: { charset: 'base20', mask: '****-****' } },
    { name: 'the mask', given: { charset: 'digits' }, expected: { charset: 'digits', mask: '***-***-***' } },
    {
      name: 'the charset',
      given: { mask: '*** ***** *' },
      expected: { charset: 'base20', mask: '*** ***** *' },
    },
  ]
  for (const { name, given, expected } of rows)
    await t.test(name, async () => {
      const { applied, settings } = await aTarget()
      await applied({ tenant: { device_flow: given } })
      assert.deepEqual((await settings())?.deviceFlow, expected)
    })
})

test('RFC 8628 §6.1: user codes that could be guessed or not be shown are refused', async (t) => {
  const form = 'expected * for each character, with hyphens and spaces between them'
  const rows = [
    {
      name: 'seven letters',
      given: { charset: 'base20', mask: '****-***' },
      at: 'mask: needs at least 8 characters (*) with the charset base20',
    },
    {
      name: 'seven letters of the usual set',
      given: { mask: '****-***' },
      at: 'mask: needs at least 8 characters (*) with the charset base20',
    },
    {
      name: 'eight digits',
      given: { charset: 'digits', mask: '****-****' },
      at: 'mask: needs at least 9 characters (*) with the charset digits',
    },
    { name: 'too long', given: { mask: '*'.repeat(21) }, at: 'mask: expected at most 20 characters' },
    { name: 'other characters', given: { mask: '****_****' }, at: `mask: ${form}` },
    { name: 'letters', given: { mask: 'XXXX-XXXX' }, at: `mask: ${form}` },
    { name: 'a separator at the end', given: { mask: '****-****-' }, at: `mask: ${form}` },
    { name: 'a space at the beginning', given: { mask: ' ********' }, at: `mask: ${form}` },
    { name: 'nothing', given: { mask: '' }, at: `mask: ${form}` },
  ]
  for (const { name, given, at } of rows)
    await t.test(name, async () => {
      const { mistakes } = await aTarget()
      const found = await mistakes({ tenant: { device_flow: given } })
      assert.ok(found.includes(`tenant.device_flow.${at}`), found.join('\n'))
    })
  await t.test('another charset, another member, another lifetime', async () => {
    const { mistakes } = await aTarget()
    const found = await mistakes({
      tenant: { device_flow: { charset: 'base64', pattern: 'x' }, valetkey: { device_code_lifetime: 7200 } },
    })
    assert.deepEqual(found.map((line) => line.split(':')[0]).sort(), [
      'tenant.device_flow.charset',
      'tenant.device_flow.pattern',
      'tenant.valetkey.device_code_lifetime',
    ])
  })
})
