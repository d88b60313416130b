import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkOf } from '../../src/domain/network.ts'

const rows = {
  'an IPv4 address is itself': ['203.0.113.7', '203.0.113.7'],
  'an IPv4 address in IPv6 clothes is an IPv4 address': ['::ffff:203.0.113.7', '203.0.113.7'],
  'an IPv6 address is its /64': ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  'zeros that are left out': ['2001:db8:1:2::6', '2001:db8:1:2::/64'],
  'zeros that are left out further in front': ['2001:db8::6', '2001:db8:0:0::/64'],
  'zeros and capitals that are written': ['2001:0DB8:0001:0002:0:0:0:6', '2001:db8:1:2::/64'],
  'the loopback address': ['::1', '0:0:0:0::/64'],
  'an IPv4 address at the end': ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
  'a zone': ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  'what is no address': ['', ''],
}
for (const [name, [address, network]] of Object.entries(rows)) {
  test(`RFC 4291 §2.5.4: what an address is counted under: ${name}`, () => {
    assert.equal(networkOf(address ?? ''), network)
  })
}
