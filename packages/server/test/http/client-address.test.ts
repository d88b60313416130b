import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearestUntrusted, trustedProxies } from '../../src/http/client-address.ts'

const networks = ['10.0.0.0/8', '2001:db8:ffff::/48']

const rows: Readonly<Record<string, readonly [string, string, number | readonly string[], string]>> = {
  'nobody is trusted': ['192.0.2.1', '198.51.100.7', 0, '192.0.2.1'],
  'one proxy tells': ['10.0.0.1', '198.51.100.7', 1, '198.51.100.7'],
  'a client makes up hops before the proxy': ['10.0.0.1', '203.0.113.1, 198.51.100.7', 1, '198.51.100.7'],
  'two proxies tell': ['10.0.0.1', '203.0.113.1, 198.51.100.7, 10.0.0.2', 2, '198.51.100.7'],
  'a proxy adds the port': ['10.0.0.1', '203.0.113.1, 198.51.100.7:5555', 1, '198.51.100.7'],
  'a proxy adds the port to IPv6': ['10.0.0.1', '203.0.113.1, [2001:db8::7]:5555', 1, '2001:db8::7'],
  'brackets without a port': ['10.0.0.1', '[2001:db8::7]', 1, '2001:db8::7'],
  'what cannot be read is counted, and ends the walk': ['10.0.0.1', '203.0.113.1, unknown', 1, '10.0.0.1'],
  'what cannot be read in between': ['10.0.0.1', '203.0.113.1, unknown, 10.0.0.2', 2, '10.0.0.2'],
  'an empty entry is an entry': ['10.0.0.1', '203.0.113.1,', 1, '10.0.0.1'],
  'fewer hops than proxies': ['10.0.0.1', '198.51.100.7', 3, '198.51.100.7'],
  'no header': ['10.0.0.1', '', 1, '10.0.0.1'],
  'networks: the first that is not ours': [
    '10.0.0.1',
    '203.0.113.1, 198.51.100.7, 10.9.9.9',
    networks,
    '198.51.100.7',
  ],
  'networks: a stranger is not believed': ['192.0.2.1', '198.51.100.7', networks, '192.0.2.1'],
  'networks: all are ours': ['10.0.0.1', '10.0.0.3, 10.0.0.2', networks, '10.0.0.3'],
  'networks: what cannot be read ends the walk': [
    '10.0.0.1',
    '203.0.113.1, x, 10.0.0.2',
    networks,
    '10.0.0.2',
  ],
  'networks: IPv6': ['2001:db8:ffff::1', '2001:db8::7', networks, '2001:db8::7'],
  'networks: IPv4 in IPv6 clothes': ['::ffff:10.0.0.1', '198.51.100.7', networks, '198.51.100.7'],
}
for (const [name, [peer, forwardedFor, trusted, address]] of Object.entries(rows)) {
  test(`RFC 7239 §7.5: the address of a request: ${name}`, () => {
    assert.equal(nearestUntrusted(peer, forwardedFor, trustedProxies(trusted)), address)
  })
}
